"""A model server for tests: OpenAI's chat completions on loopback, real SSE on a real socket, and every way it goes
wrong. What the next requests get is put in line by the test; each answer is a function of (conn, request).

    with FakeModel() as model:
        model.then(say("Hello"), status(429, {"Retry-After": "1"}))
        ... ask ...
        model.requests[0]["body"]["messages"]

Nothing sleeps: an answer that must wait waits for a threading.Event that the test sets.
"""
import json
import socket
import threading


def chunk(delta=None, finish=None, **more):
    """One event of a stream."""
    c = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "fake-1",
         "choices": [{"index": 0, "delta": delta or {}, "finish_reason": finish}]}
    c.update(more)
    return b"data: " + json.dumps(c, ensure_ascii=False).encode() + b"\n\n"


def usage(tokens_in, tokens_out):
    return chunk(choices=[], usage={"prompt_tokens": tokens_in, "completion_tokens": tokens_out,
                                    "total_tokens": tokens_in + tokens_out})


DONE = b"data: [DONE]\n\n"


class Conn:
    """One connection while it is answered."""

    def __init__(self, sock):
        self.sock = sock

    def head(self, status=200, headers=None, kind="text/event-stream"):
        lines = ["HTTP/1.1 %d X" % status, "Content-Type: " + kind, "Connection: close"]
        lines += ["%s: %s" % h for h in (headers or {}).items()]
        self.sock.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())

    def send(self, data):
        self.sock.sendall(data)

    def gone(self, seconds=20):
        """Waits until the client has closed its side; True when it did."""
        self.sock.settimeout(seconds)
        try:
            return self.sock.recv(1) == b""
        except ConnectionError:
            return True
        except OSError:
            return False

    def cut(self):
        """Ends the connection the hard way."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        self.sock.close()


# ---- answers ----

def events(*parts):
    """A stream of exactly these bytes, each written on its own."""
    def answer(conn, _):
        conn.head()
        for p in parts:
            conn.send(p)
    return answer


def say(*words):
    """A good answer: role chunk, words, finish, usage, [DONE]."""
    return events(chunk({"role": "assistant", "content": ""}), *[chunk({"content": w}) for w in words],
                  chunk(finish="stop"), usage(11, 7), DONE)


def status(code, headers=None, error=None):
    """A refusal, as an error object or as bare text."""
    def answer(conn, _):
        body = json.dumps({"error": error}).encode() if isinstance(error, dict) else (error or "").encode()
        conn.head(code, dict(headers or {}, **{"Content-Length": len(body)}), "application/json")
        conn.send(body)
    return answer


def cut_after(*parts):
    def answer(conn, _):
        conn.head(headers={"Transfer-Encoding": "chunked"})
        for p in parts:
            conn.send(b"%x\r\n%s\r\n" % (len(p), p))
        conn.cut()
    return answer


class Gate:
    """Sends `before`, then waits for the test to open it, then sends `after`. `closed` is set when the client left."""

    def __init__(self, before=(), after=()):
        self.before, self.after = before, after
        self.reached, self.opened, self.closed = threading.Event(), threading.Event(), threading.Event()

    def __call__(self, conn, _):
        conn.head()
        for p in self.before:
            conn.send(p)
        self.reached.set()
        if self.after:
            self.opened.wait(30)
            for p in self.after:
                conn.send(p)
        elif conn.gone():
            self.closed.set()


class FakeModel:
    def __init__(self):
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]
        self.url = "http://127.0.0.1:%d/v1" % self.port
        self.requests, self.line, self.problems = [], [], []
        self.lock = threading.Lock()

    def then(self, *answers):
        """Puts answers in line, one a request."""
        with self.lock:
            self.line += answers
        return self

    def __enter__(self):
        threading.Thread(target=self.accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.close()

    def accept(self):
        while True:
            try:
                sock, _ = self.server.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(sock,), daemon=True).start()

    def serve(self, sock):
        try:
            sock.settimeout(30)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            request = read_request(sock)
            with self.lock:
                self.requests.append(request)
                answer = self.line.pop(0) if self.line else status(500, error="the test put no answer in line")
            answer(Conn(sock), request)
        except (ConnectionError, TimeoutError):
            pass  # the engine may leave when it wants
        except Exception as e:  # a broken test must be seen
            self.problems.append(repr(e))
        finally:
            sock.close()


def read_request(sock):
    data = b""
    while b"\r\n\r\n" not in data:
        more = sock.recv(65536)
        if not more:
            raise ConnectionError("no request")
        data += more
    head, body = data.split(b"\r\n\r\n", 1)
    lines = head.decode().split("\r\n")
    headers = {k.lower(): v for k, v in (l.split(": ", 1) for l in lines[1:])}
    while len(body) < int(headers.get("content-length", 0)):
        body += sock.recv(65536)
    method, path, _ = lines[0].split(" ")
    return {"method": method, "path": path, "headers": headers, "body": json.loads(body) if body else None}
