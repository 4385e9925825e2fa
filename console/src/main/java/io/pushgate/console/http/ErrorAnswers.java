package io.pushgate.console.http;

import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/** What Jetty refuses before it is a request for us, in the words of our other errors. */
final class ErrorAnswers extends ErrorHandler {
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        Front.write(request, response, problem(response.getStatus()).answer(), callback);
        return true;
    }

    private static Problem problem(int status) {
        return switch (status) {
            case 414 -> badHttp(414, "the URI is too long");
            case 431 -> badHttp(431, "the headers are too large");
            // An unknown transfer coding or HTTP version is the client's mistake.
            case 501, 505 -> badHttp(400, "the request can't be read as HTTP/1.1");
            default ->
                    status < 500
                            ? badHttp(400, "the request can't be read as HTTP")
                            : new Problem(ProblemType.INTERNAL, "see the console's log");
        };
    }

    private static Problem badHttp(int status, String detail) {
        return new Problem(ProblemType.BAD_HTTP, status, detail).header("Connection", "close");
    }
}
