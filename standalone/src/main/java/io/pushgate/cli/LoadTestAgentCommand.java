package io.pushgate.cli;

import io.pushgate.loadtest.LoadTestException;
import io.pushgate.loadtest.agent.Agent;
import io.pushgate.standalone.Errors;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.OutputStream;
import java.net.InetSocketAddress;

@Command(
        name = "agent",
        header = "Holds devices for a load test that another machine, or this one, coordinates.",
        description =
                "%nOne agent keeps one core busy at most; a process may have so many connections as it"
                        + " may have open files. It serves one coordinator at a time. Whoever reaches"
                        + " its port can have it make connections: keep it within your network.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  ./pushgate loadtest agent",
            "  ./pushgate loadtest agent --listen 0.0.0.0:7400"
        })
final class LoadTestAgentCommand extends Subcommand {
    @Option(
            names = "--listen",
            defaultValue = "127.0.0.1:0",
            converter = HostPort.class,
            paramLabel = "HOST:PORT",
            description = "Where coordinators come (default: ${DEFAULT-VALUE}, a free port).")
    private InetSocketAddress listen = new InetSocketAddress(0);

    @Option(
            names = LocalAgents.CHILD,
            hidden = true,
            description = "Ends with its standard input, not with a signal to the terminal.")
    private boolean child;

    @Override
    public Integer call() throws Exception {
        Termination termination = Termination.install();
        try (Agent agent = Agent.start(listen)) {
            InetSocketAddress address = agent.address();
            print(
                    LocalAgents.READY
                            + address.getAddress().getHostAddress()
                            + ":"
                            + address.getPort());
            if (child) {
                // A signal to the whole process group is the coordinator's to answer.
                System.in.transferTo(OutputStream.nullOutputStream());
            } else {
                termination.await();
            }
            return 0;
        } catch (LoadTestException e) {
            throw new CommandFailure(Errors.reason(e), e);
        }
    }
}
