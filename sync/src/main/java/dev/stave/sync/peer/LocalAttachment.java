package dev.stave.sync.peer;

import dev.stave.database.Database;
import dev.stave.database.MissingAttachmentException;
import dev.stave.document.Attachment;

/** An attachment that is in a database of this process. */
record LocalAttachment(Database database, Attachment attachment) implements SentAttachment {

  @Override
  public String contentType() {
    return attachment.contentType();
  }

  @Override
  public long length() {
    return attachment.length();
  }

  @Override
  public String digest() {
    return attachment.digest();
  }

  @Override
  public int revpos() {
    return attachment.revpos();
  }

  @Override
  public Stored stored() {
    return new Stored(attachment.encoding(), attachment.storedLength());
  }

  @Override
  public Opened open(boolean asStored) {
    try {
      return asStored
          ? new Opened(database.attachments().openStored(attachment), attachment.encoding())
          : new Opened(database.attachments().open(attachment), null);
    } catch (MissingAttachmentException e) {
      throw new PeerException(
          PeerException.Kind.NOT_THERE, e, "the source has the attachment no more");
    }
  }
}
