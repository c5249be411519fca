package faults;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import static faults.Checks.check;

/** The port of a sign-in is somebody else's, or is asked from another address: loopback alone, and nobody overhears. */
final class PortFaults {
    /** 127.0.0.1, the same for IPv6 sockets, and ::1, as {@code /proc/net/tcp} writes them. */
    private static final List<String> LOOPBACK =
            List.of("0100007F", "0000000000000000FFFF00000100007F", "00000000000000000000000001000000");

    private final Lab lab;
    private final Attacks attacks;

    PortFaults(Lab lab) {
        this.lab = lab;
        attacks = new Attacks(lab);
    }

    void taken(Fault fault) {
        for (var owner : attacks.lab.effort.some(List.of("127.0.0.1", "::1", "0.0.0.0", "::")))
            for (var host : List.of("localhost", "127.0.0.1"))
                fault.attempt("somebody has it on " + owner + ", we want it on " + host, () -> taken(owner, host));
    }

    private void taken(String owner, String host) throws Exception {
        ServerSocket taken;
        try {
            taken = new ServerSocket(0, 50, InetAddress.getByName(owner));
        } catch (SocketException noIpv6) {
            return;
        }
        var overheard = new AtomicInteger();
        Checks.daemon(() -> listen(taken, overheard));
        int port = taken.getLocalPort();
        var home = lab.home(attacks.login);
        var program = home.get_token("--no-browser").with("M365_REDIRECT_URI", "http://" + host + ":" + port + "/");
        try (taken; var run = program.start()) {
            var waiting = new WaitingSignIn(lab, home, run);
            boolean inTheWay = !owner.equals("::1") || host.equals("localhost");
            check(inTheWay == (waiting.port() != port), waiting.redirect,
                    "another port is needed exactly if theirs is in the way");
            check(!inTheWay || run.err().contains("in use"), run.err(), "nothing was said of it");
            waiting.comesBack();
            check(overheard.get() == 0, overheard, "somebody else was asked");
        }
    }

    private static void listen(ServerSocket taken, AtomicInteger overheard) {
        try {
            while (true) {
                taken.accept().close();
                overheard.incrementAndGet();
            }
        } catch (IOException closed) { /* the end */ }
    }

    void fromOutside(Fault fault) { attacks.survived(fault, PortFaults::fromOutside); }

    private static boolean fromOutside(WaitingSignIn waiting) throws IOException {
        for (var address : otherAddresses())
            try (var socket = new Socket()) {
                socket.connect(new InetSocketAddress(address, waiting.port()), 3000);
                check(false, address, "was let in");
            } catch (IOException refused) { /* as it should be */ }
        // What listens where, as the system sees it.
        var port = String.format(":%04X", waiting.port());
        for (var table : List.of("/proc/net/tcp", "/proc/net/tcp6"))
            Disk.read(Path.of(table)).lines().map(line -> line.strip().split("\\s+"))
                    .filter(cells -> cells.length > 3 && cells[3].equals("0A") && cells[1].endsWith(port))
                    .forEach(cells -> check(LOOPBACK.contains(cells[1].split(":")[0]), cells[1], "listens elsewhere"));
        return false;
    }

    private static List<InetAddress> otherAddresses() throws IOException {
        var found = new ArrayList<InetAddress>();
        for (var device : Collections.list(NetworkInterface.getNetworkInterfaces()))
            for (var address : Collections.list(device.getInetAddresses()))
                if (device.isUp() && !address.isLoopbackAddress()
                        && (address instanceof Inet4Address || address instanceof Inet6Address)) found.add(address);
        // A machine without a network has other loopback addresses at least, and we listen on none of those.
        found.add(InetAddress.getByAddress(new byte[] {127, 0, 0, 2}));
        return found;
    }
}
