package dev.stave.spec.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.ibm.cloud.cloudant.features.ChangesFollower;
import com.ibm.cloud.cloudant.features.pagination.Pagination;
import com.ibm.cloud.cloudant.security.CouchDbSessionAuthenticator;
import com.ibm.cloud.cloudant.v1.Cloudant;
import com.ibm.cloud.cloudant.v1.model.*;
import com.ibm.cloud.sdk.core.http.ServiceCall;
import com.ibm.cloud.sdk.core.service.exception.ConflictException;
import com.ibm.cloud.sdk.core.service.exception.NotFoundException;
import com.ibm.cloud.sdk.core.service.exception.ServiceResponseException;
import dev.stave.spec.ServerProcess;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** IBM's client for Cloudant and CouchDB, which logs in with a session, against a real server. */
@Timeout(60)
class CloudantTest {

  @TempDir private static Path folder;
  private static ServerProcess server;
  private static Cloudant client;
  private static int count;

  private String db = "";

  @BeforeAll
  static void start() throws Exception {
    server = new ServerProcess(folder.resolve("data"));
    HttpRequest request =
        HttpRequest.newBuilder(server.address().resolve("_node/_local/_config/admins/root"))
            .PUT(BodyPublishers.ofString("\"secret\""))
            .build();
    HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
    client = client(server.address(), "secret");
  }

  private static Cloudant client(URI address, String password) {
    Cloudant made =
        new Cloudant("stave", CouchDbSessionAuthenticator.newAuthenticator("root", password));
    made.setServiceUrl(address.toString().replaceAll("/$", ""));
    return made;
  }

  @AfterAll
  static void stop() throws InterruptedException {
    server.close();
  }

  @BeforeEach
  void createDatabase() {
    db = "cloudant-" + ++count;
    result(client.putDatabase(new PutDatabaseOptions.Builder(db).build()));
  }

  private static <T> T result(ServiceCall<T> call) {
    return call.execute().getResult();
  }

  private static Document document(String id, Object n) {
    Document document = new Document();
    document.setId(id);
    document.put("n", n);
    return document;
  }

  private void write(List<Document> documents) {
    BulkDocs all = new BulkDocs.Builder(documents).build();
    List<DocumentResult> results =
        result(client.postBulkDocs(new PostBulkDocsOptions.Builder(db).bulkDocs(all).build()));
    assertThat(results).extracting(DocumentResult::getError).containsOnlyNulls();
  }

  private List<Document> numbered(int many) {
    return IntStream.range(0, many).mapToObj(i -> document("d" + (100 + i), i)).toList();
  }

  @Test
  void server_informationOfAllKinds_isUnderstood() {
    assertThat(result(client.getServerInformation()).getCouchdb()).isEqualTo("Welcome");
    assertThat(result(client.getServerInformation()).getVersion()).startsWith("3.");
    assertThat(result(client.getUpInformation()).getStatus()).isEqualTo("ok");
    assertThat(result(client.getUuids()).getUuids()).hasSize(1);
    assertThat(result(client.getAllDbs())).contains(db);
    assertThat(result(client.getActiveTasks())).isEmpty();
    assertThat(result(client.getMembershipInformation()).getAllNodes()).hasSize(1);
    assertThat(result(client.getSessionInformation()).getUserCtx().roles()).contains("_admin");
    assertThat(
            result(
                client.postDbsInfo(
                    new PostDbsInfoOptions.Builder().addKeys(db).addKeys("none").build())))
        .extracting(DbsInfoResult::getError)
        .containsExactly(null, "not_found");
    assertThatThrownBy(() -> result(client(server.address(), "wrong").getAllDbs()))
        .isInstanceOfSatisfying(
            ServiceResponseException.class, e -> assertThat(e.getStatusCode()).isEqualTo(401));
  }

  @Test
  void database_lifeOfOne_isAsInCouchDb() {
    DatabaseInformation info =
        result(
            client.getDatabaseInformation(new GetDatabaseInformationOptions.Builder(db).build()));
    assertThat(info.getDocCount()).isZero();
    assertThat(info.getUpdateSeq()).isEqualTo("0");
    assertThat(info.getProps().isPartitioned()).isNotEqualTo(true);
    result(client.headDatabase(new HeadDatabaseOptions.Builder(db).build()));
    assertThatThrownBy(() -> result(client.putDatabase(new PutDatabaseOptions.Builder(db).build())))
        .isInstanceOfSatisfying(
            ServiceResponseException.class, e -> assertThat(e.getStatusCode()).isEqualTo(412));
    assertThat(result(client.deleteDatabase(new DeleteDatabaseOptions.Builder(db).build())).isOk())
        .isTrue();
    assertThatThrownBy(
            () ->
                result(
                    client.getDatabaseInformation(
                        new GetDatabaseInformationOptions.Builder(db).build())))
        .isInstanceOf(NotFoundException.class);
  }

  @Test
  void document_lifeOfOne_isAsInCouchDb() {
    DocumentResult first =
        result(
            client.putDocument(
                new PutDocumentOptions.Builder(db, "a/ü").document(document("a/ü", 1)).build()));
    Document read =
        result(
            client.getDocument(new GetDocumentOptions.Builder(db, "a/ü").revsInfo(true).build()));
    assertThat(read.getRev()).isEqualTo(first.getRev());
    assertThat(read.getRevsInfo().get(0).status()).isEqualTo("available");
    assertThatThrownBy(
            () ->
                result(
                    client.postDocument(
                        new PostDocumentOptions.Builder(db).document(document("a/ü", 2)).build())))
        .isInstanceOf(ConflictException.class);
    read.put("n", 3);
    DocumentResult second =
        result(client.postDocument(new PostDocumentOptions.Builder(db).document(read).build()));
    result(client.headDocument(new HeadDocumentOptions.Builder(db, "a/ü").build()));
    result(
        client.deleteDocument(
            new DeleteDocumentOptions.Builder(db, "a/ü").rev(second.getRev()).build()));
    assertThatThrownBy(
            () -> result(client.getDocument(new GetDocumentOptions.Builder(db, "a/ü").build())))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("deleted");
  }

  @Test
  void bulk_writeListAndGet_areAsInCouchDb() throws Exception {
    write(numbered(20));
    AllDocsResult all =
        result(
            client.postAllDocs(
                new PostAllDocsOptions.Builder(db)
                    .includeDocs(true)
                    .startKey("d105")
                    .limit(2)
                    .build()));
    assertThat(all.getTotalRows()).isEqualTo(20);
    assertThat(all.getRows()).extracting(DocsResultRow::getId).containsExactly("d105", "d106");
    PostBulkGetOptions two =
        new PostBulkGetOptions.Builder(
                db,
                List.of(
                    new BulkGetQueryDocument.Builder("d100").build(),
                    new BulkGetQueryDocument.Builder("none").build()))
            .build();
    BulkGetResult got = result(client.postBulkGet(two));
    assertThat(got.getResults().get(0).getDocs().get(0).getOk().get("n")).hasToString("0");
    assertThat(got.getResults().get(1).getDocs().get(0).getError().getError())
        .isEqualTo("not_found");
    String mixed =
        new String(result(client.postBulkGetAsMixed(two)).readAllBytes(), StandardCharsets.UTF_8);
    assertThat(mixed).contains("\"_id\":\"d100\"", "error=\"true\"");
    Map<String, RevsDiff> missing =
        result(
            client.postRevsDiff(
                new PostRevsDiffOptions.Builder(db, Map.of("d100", List.of("9-aa"))).build()));
    assertThat(missing.get("d100").getMissing()).containsExactly("9-aa");
  }

  @Test
  void query_findExplainAndIndexes_areUnderstood() {
    write(numbered(20));
    IndexDefinition definition =
        new IndexDefinition.Builder()
            .addFields(new IndexField.Builder().add("n", "asc").build())
            .build();
    IndexResult index =
        result(
            client.postIndex(
                new PostIndexOptions.Builder(db, definition)
                    .name("by-n")
                    .ddoc("idx")
                    .type("json")
                    .build()));
    assertThat(index.getResult()).isEqualTo("created");
    assertThat(
            result(
                    client.getIndexesInformation(
                        new GetIndexesInformationOptions.Builder(db).build()))
                .getIndexes())
        .extracting(IndexInformation::getName)
        .containsExactly("_all_docs", "by-n");
    Map<String, Object> selector = Map.of("n", Map.of("$gte", 15));
    FindResult found =
        result(
            client.postFind(
                new PostFindOptions.Builder(db, selector)
                    .addSort(Map.of("n", "desc"))
                    .addFields("_id")
                    .executionStats(true)
                    .limit(2)
                    .build()));
    assertThat(found.getDocs()).extracting(Document::getId).containsExactly("d119", "d118");
    assertThat(found.getExecutionStats().getResultsReturned()).isEqualTo(2);
    ExplainResult explained =
        result(client.postExplain(new PostExplainOptions.Builder(db, selector).build()));
    assertThat(explained.getDbname()).isEqualTo(db);
    assertThat(explained.getOpts().getLimit()).isEqualTo(25);
    assertThat(
            result(
                    client.deleteIndex(
                        new DeleteIndexOptions.Builder(db, "idx", "json", "by-n").build()))
                .isOk())
        .isTrue();
    assertThat(
            Pagination.newPagination(
                    client, new PostFindOptions.Builder(db, selector).limit(2).build())
                .rowStream())
        .hasSize(5);
    assertThat(
            Pagination.newPagination(client, new PostAllDocsOptions.Builder(db).limit(7).build())
                .rowStream())
        .hasSize(20);
  }

  @Test
  void view_designDocumentAndPages_areUnderstood() {
    write(numbered(20));
    DesignDocument design =
        new DesignDocument.Builder()
            .views(
                Map.of(
                    "v",
                    new DesignDocumentViewsMapReduce.Builder(
                            "function (doc) { emit(doc.n % 2, doc.n); }")
                        .reduce("_sum")
                        .build()))
            .build();
    result(client.putDesignDocument(new PutDesignDocumentOptions.Builder(db, "d", design).build()));
    ViewResult grouped =
        result(client.postView(new PostViewOptions.Builder(db, "d", "v").group(true).build()));
    assertThat(grouped.getRows())
        .extracting(row -> row.getValue().toString())
        .containsExactly("90", "100");
    assertThat(
            Pagination.newPagination(
                    client,
                    new PostViewOptions.Builder(db, "d", "v").reduce(false).limit(3).build())
                .rowStream())
        .hasSize(20);
    assertThat(
            result(
                    client.getDesignDocumentInformation(
                        new GetDesignDocumentInformationOptions.Builder(db, "d").build()))
                .getViewIndex()
                .getLanguage())
        .isEqualTo("javascript");
    assertThat(
            result(client.postDesignDocs(new PostDesignDocsOptions.Builder(db).build())).getRows())
        .hasSize(1);
  }

  @Test
  void changes_followerOnceAndOn_seesAll() {
    write(numbered(20));
    PostChangesOptions options = new PostChangesOptions.Builder(db).includeDocs(true).build();
    assertThat(new ChangesFollower(client, options).startOneOff()).hasSize(20);
    ChangesFollower follower = // which else begins with what is written from now on
        new ChangesFollower(client, options.newBuilder().since("0").build());
    List<String> seen = new ArrayList<>();
    follower
        .start()
        .forEach(
            change -> {
              seen.add(change.getId());
              if (seen.size() == 20) {
                write(List.of(document("late", 1)));
              } else if (seen.size() == 21) {
                follower.stop();
              }
            });
    assertThat(seen).hasSize(21).endsWith("late");
  }

  @Test
  void attachment_putAndRead_isTheSame() throws Exception {
    write(List.of(document("a", 1)));
    String rev =
        result(client.getDocument(new GetDocumentOptions.Builder(db, "a").build())).getRev();
    byte[] bytes = "häagen".getBytes(StandardCharsets.UTF_8);
    DocumentResult put =
        result(
            client.putAttachment(
                new PutAttachmentOptions.Builder(
                        db, "a", "note.txt", new ByteArrayInputStream(bytes), "text/plain")
                    .rev(rev)
                    .build()));
    assertThat(
            result(
                    client.getAttachment(
                        new GetAttachmentOptions.Builder(db, "a", "note.txt").build()))
                .readAllBytes())
        .isEqualTo(bytes);
    Document whole =
        result(
            client.getDocument(new GetDocumentOptions.Builder(db, "a").attachments(true).build()));
    assertThat(whole.getAttachments().get("note.txt").data()).isEqualTo(bytes);
    result(
        client.deleteAttachment(
            new DeleteAttachmentOptions.Builder(db, "a", "note.txt").rev(put.getRev()).build()));
  }

  @Test
  void security_setAndRead_isTheSame() {
    SecurityObject members =
        new SecurityObject.Builder().addNames("ann").addRoles("readers").build();
    result(
        client.putSecurity(
            new PutSecurityOptions.Builder(db)
                .members(members)
                .admins(new SecurityObject.Builder().addNames("bob").build())
                .build()));
    Security read = result(client.getSecurity(new GetSecurityOptions.Builder(db).build()));
    assertThat(read.members().names()).containsExactly("ann");
    assertThat(read.admins().names()).containsExactly("bob");
  }

  @Test
  void partition_listQueryAndView_areOfIt() {
    String parts = db + "-parts";
    result(client.putDatabase(new PutDatabaseOptions.Builder(parts).partitioned(true).build()));
    db = parts;
    write(List.of(document("a:1", 1), document("a:2", 2), document("b:1", 3)));
    PartitionInformation info =
        result(
            client.getPartitionInformation(
                new GetPartitionInformationOptions.Builder(db, "a").build()));
    assertThat(info.getDocCount()).isEqualTo(2);
    assertThat(
            Pagination.newPagination(
                    client, new PostPartitionAllDocsOptions.Builder(db, "a").limit(1).build())
                .rowStream())
        .hasSize(2);
    assertThat(
            result(
                    client.postPartitionFind(
                        new PostPartitionFindOptions.Builder(db, "a", Map.of("n", Map.of("$gt", 1)))
                            .build()))
                .getDocs())
        .hasSize(1);
    DesignDocument design =
        new DesignDocument.Builder()
            .views(
                Map.of(
                    "v",
                    new DesignDocumentViewsMapReduce.Builder("function (doc) { emit(doc.n); }")
                        .build()))
            .build();
    result(client.putDesignDocument(new PutDesignDocumentOptions.Builder(db, "d", design).build()));
    assertThat(
            result(
                    client.postPartitionView(
                        new PostPartitionViewOptions.Builder(db, "a", "d", "v").build()))
                .getRows())
        .hasSize(2);
    assertThatThrownBy(() -> write(List.of(document("plain", 1))))
        .hasMessageContaining("illegal_docid");
  }

  @Test
  void shards_ofOneNode_areOne() {
    assertThat(
            result(client.getShardsInformation(new GetShardsInformationOptions.Builder(db).build()))
                .getShards())
        .hasSize(1);
    assertThat(
            result(
                    client.getDocumentShardsInfo(
                        new GetDocumentShardsInfoOptions.Builder(db, "a").build()))
                .getNodes())
        .hasSize(1);
  }
}
