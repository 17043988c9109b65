package dev.stave.fieldnotes.screens;

import android.os.Bundle;
import android.text.InputType;
import android.view.View;
import android.widget.EditText;
import android.widget.TextView;
import android.widget.Toast;
import dev.stave.fieldnotes.R;
import dev.stave.fieldnotes.sync.SyncSettings;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who writes here, with which server it is shared, and what. */
public final class SettingsActivity extends NotesActivity {

  /** As {@code res/xml/network.xml} has them. */
  private static final Set<String> HOSTS_WITHOUT_TLS = Set.of("localhost", "127.0.0.1", "10.0.2.2");

  private static final int TEXT = InputType.TYPE_CLASS_TEXT;

  private static final String IS_FILLED = "filled";
  private static final String IS_LOST = "lost";

  private EditText name;
  private EditText server;
  private EditText account;
  private EditText password;
  private EditText region;
  private TextView lost;

  /** Whether the fields have what was set, and what somebody made of it. */
  private boolean isFilled;

  @Override
  protected void onCreate(@Nullable Bundle state) {
    super.onCreate(state);
    setScreen(R.layout.screen_cards, R.string.settings, false);
    Cards cards = Cards.of(this);
    Cards you = cards.card();
    name = you.field(R.id.field_name, R.string.your_name, TEXT);
    you.soft(getText(R.string.your_name_hint));
    Cards shared = cards.card();
    server =
        shared.field(R.id.field_server, R.string.server, TEXT | InputType.TYPE_TEXT_VARIATION_URI);
    shared.soft(getText(R.string.server_hint)).setPadding(0, 0, 0, server.getPaddingBottom() * 2);
    account = shared.field(R.id.field_account, R.string.account, TEXT);
    password =
        shared.field(
            R.id.field_password, R.string.password, TEXT | InputType.TYPE_TEXT_VARIATION_PASSWORD);
    lost = shared.text(getText(R.string.password_lost));
    lost.setTextColor(getColor(R.color.urgent));
    shared.space(lost);
    showLost(state != null && state.getBoolean(IS_LOST));
    Cards what = cards.card();
    what.heading(R.string.scope);
    region = what.field(R.id.field_region, R.string.scope_region, TEXT);
    what.soft(getText(R.string.scope_hint));
    cards.action(R.id.save, R.string.save, this::save);
    isFilled = state != null && state.getBoolean(IS_FILLED);
    if (!isFilled) {
      Cards.enable(this, false);
      app().askSettings(this, this::fill);
    }
  }

  /** Says why a password that was entered once is not there. */
  private void showLost(boolean is) {
    lost.setVisibility(is ? View.VISIBLE : View.GONE);
  }

  private boolean isLost() {
    return lost.getVisibility() == View.VISIBLE;
  }

  private void fill(SyncSettings now) {
    name.setText(now.name());
    server.setText(now.server());
    account.setText(now.account());
    password.setText(now.password());
    region.setText(now.region());
    showLost(now.isPasswordLost());
    isFilled = true;
    Cards.enable(this, true);
  }

  @Override
  protected void onSaveInstanceState(Bundle state) {
    super.onSaveInstanceState(state);
    state.putBoolean(IS_FILLED, isFilled);
    state.putBoolean(IS_LOST, isLost());
  }

  @Override
  boolean isLive() {
    return false;
  }

  @Override
  void reload() {}

  private void save() {
    if (!isFilled) {
      return; // empty fields would be what is set
    }
    SyncSettings settings =
        new SyncSettings(
            text(name),
            text(server),
            text(account),
            password.getText().toString(),
            text(region),
            isLost() && password.length() == 0 && !text(account).isEmpty());
    if (settings.hasServer() && !isAddress(settings.server())) {
      server.setError(getText(R.string.server_wrong));
      server.requestFocus();
      return;
    }
    if (settings.hasServer() && isInTheClear(settings.server())) {
      server.setError(getText(R.string.server_in_the_clear));
      server.requestFocus();
      return;
    }
    app().change(settings);
    Toast.makeText(this, R.string.saved, Toast.LENGTH_SHORT).show();
    finish();
  }

  private static boolean isAddress(String text) {
    try {
      URI address = new URI(text);
      String path = address.getPath();
      return ("https".equals(address.getScheme()) || "http".equals(address.getScheme()))
          && address.getHost() != null
          && path != null
          && path.length() > 1;
    } catch (URISyntaxException e) {
      return false;
    }
  }

  /** Whether all on the way could read what is sent, the password too. Of an address. */
  private static boolean isInTheClear(String address) {
    URI server = URI.create(address);
    return "http".equals(server.getScheme()) && !HOSTS_WITHOUT_TLS.contains(server.getHost());
  }

  private static String text(EditText field) {
    return field.getText().toString().trim();
  }
}
