package dev.stave.server.replicator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stave.sync.http.AddressRefusedException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GuardedSocketsTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.8.8.8",
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "192.0.0.1",
        "198.18.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "fe80::1",
        "fc00::1",
        "fd12::1",
        "ff02::1",
        "::ffff:10.0.0.1",
        "::127.0.0.1",
        "2002:7f00:1::",
        "64:ff9b::a9fe:a9fe"
      })
  void isInner_ofThisMachineAndNetworksAround_isTrue(String address) throws IOException {
    assertThat(GuardedSockets.isInner(InetAddress.getByName(address))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.1.1.1",
        "100.63.0.1",
        "100.128.0.1",
        "172.32.0.1",
        "192.167.1.1",
        "198.20.0.1",
        "2606:4700::1111",
        "64:ff9b::101:101",
        "2002:101:101::"
      })
  void isInner_ofOthers_isFalse(String address) throws IOException {
    assertThat(GuardedSockets.isInner(InetAddress.getByName(address))).isFalse();
  }

  @Test
  void connect_toAnInnerAddress_isRefusedBeforeItIsTried() throws IOException {
    try (Socket socket = new GuardedSockets(() -> false).createSocket()) {
      InetSocketAddress inner = new InetSocketAddress(InetAddress.getLoopbackAddress(), 9);

      assertThatThrownBy(() -> socket.connect(inner, 1_000))
          .isInstanceOf(AddressRefusedException.class);
      assertThat(socket.isConnected()).isFalse();
    }
  }
}
