"""A web page with a counter, on nothing but Python's own library."""

import argparse
import html
import json
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock

PAGE = """<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Hello Server</title>
    <style>
      body {{ font: 16px/1.5 system-ui, sans-serif; display: grid; place-items: center; min-height: 100vh; margin: 0;
             background: #f4f1ea; color: #22303c; }}
      main {{ text-align: center; padding: 2rem 3rem; background: #fff; border-radius: 1rem;
             box-shadow: 0 8px 30px rgb(34 48 60 / 12%); }}
      output {{ display: block; font-size: 4rem; font-weight: 700; }}
      button {{ font: inherit; padding: .6rem 1.4rem; border: 0; border-radius: 2rem; background: #2f7d5c; color: #fff;
               cursor: pointer; }}
      button:hover {{ background: #26684c; }}
      button:focus-visible {{ outline: 3px solid #f2b84b; outline-offset: 2px; }}
    </style>
  </head>
  <body>
    <main>
      <h1>{greeting}</h1>
      <p>This page is served by a Python program on the machine your notebook runs on.</p>
      <output id="count" aria-live="polite">{count}</output>
      <p><button id="more">Count one more</button></p>
    </main>
    <script>
      // Relative, so that it works behind whatever address the page was reached through.
      document.getElementById("more").addEventListener("click", async () => {{
        const answer = await fetch("count", {{ method: "POST" }});
        document.getElementById("count").textContent = (await answer.json()).count;
      }});
    </script>
  </body>
</html>
"""


class Counter:
    def __init__(self):
        self.count = 0
        self._lock = Lock()

    def add(self):
        with self._lock:
            self.count += 1
            return self.count


counter = Counter()


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path.split("?")[0] == "/":
            greeting = html.escape(os.environ.get("GREETING", "Hello"))
            self._answer(200, "text/html; charset=utf-8", PAGE.format(greeting=greeting, count=counter.count))
        else:
            self._answer(404, "text/plain; charset=utf-8", "There is nothing at this address\n")

    def do_POST(self):
        if self.path.split("?")[0] == "/count":
            count = counter.add()
            print(f"Counted to {count}", flush=True)
            self._answer(200, "application/json", json.dumps({"count": count}))
        else:
            self._answer(404, "text/plain; charset=utf-8", "There is nothing at this address\n")

    def _answer(self, status, kind, text):
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    port = parser.parse_args().port
    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    print(f"Ready at http://127.0.0.1:{port}", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        print("Stopped", flush=True)


if __name__ == "__main__":
    main()
