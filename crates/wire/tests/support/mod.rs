//! A server that does exactly what a test tells it: one closure from request to behaviour. It closes every
//! connection after its answer, so that each request is one connection.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;

/// A request as it came over the wire.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    /// `GET /path?query`.
    pub(crate) line: String,
    head: String,
    /// The body as text.
    pub(crate) body: String,
}

#[allow(dead_code)] // each test program uses what it needs
impl Seen {
    /// A header by its lower-case name.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }

    /// Whether a text occurs anywhere in the request.
    pub(crate) fn mentions(&self, text: &str) -> bool {
        self.line.contains(text) || self.head.contains(text) || self.body.contains(text)
    }
}

/// What the server does with a request.
#[allow(dead_code)] // as above
pub(crate) enum Then {
    /// Answers with these bytes, head included, and closes.
    Bytes(Vec<u8>),
    /// Answers with these bytes and says no more, with the connection open.
    Stall(Vec<u8>),
    /// Sends the first once and the second over and over until the other side closes.
    Endless(Vec<u8>, Vec<u8>),
    /// Closes without a word.
    Close,
}

/// An answer with JSON.
#[allow(dead_code)] // as above
pub(crate) fn json(status: &str, headers: &str, body: &str) -> Then {
    let length = body.len();
    Then::Bytes(
        format!(
            "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nConnection: close\r\n{headers}Content-Length: {length}\r\n\r\n{body}"
        )
        .into_bytes(),
    )
}

/// A running server; gone when dropped.
pub(crate) struct Server {
    /// `http://127.0.0.1:port`.
    pub(crate) url: String,
    seen: Arc<Mutex<Vec<Seen>>>,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

#[allow(dead_code)] // as above
impl Server {
    /// Starts a server; the closure gets the number of the request (from 0) and the request.
    pub(crate) async fn start(behave: impl Fn(usize, &Seen) -> Then + Send + Sync + 'static) -> Self {
        Self::start_with(behave, None).await
    }

    /// The same with TLS.
    pub(crate) async fn start_tls(
        behave: impl Fn(usize, &Seen) -> Then + Send + Sync + 'static,
        tls: tokio_rustls::TlsAcceptor,
    ) -> Self {
        Self::start_with(behave, Some(tls)).await
    }

    async fn start_with(
        behave: impl Fn(usize, &Seen) -> Then + Send + Sync + 'static,
        tls: Option<tokio_rustls::TlsAcceptor>,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let scheme = if tls.is_some() { "https" } else { "http" };
        let url = format!("{scheme}://127.0.0.1:{}", listener.local_addr().unwrap().port());
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (behave, log) = (Arc::new(behave), seen.clone());
        let task = tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let (behave, log, tls) = (behave.clone(), log.clone(), tls.clone());
                tokio::spawn(async move {
                    match tls {
                        None => serve(socket, &*behave, &log).await,
                        Some(tls) => match tls.accept(socket).await {
                            Ok(socket) => serve(socket, &*behave, &log).await,
                            Err(_refused_by_the_client) => {}
                        },
                    }
                });
            }
        });
        Self { url, seen, task }
    }

    /// The requests so far.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }
}

async fn serve<S: AsyncRead + AsyncWrite + Unpin>(
    mut socket: S,
    behave: &(impl Fn(usize, &Seen) -> Then + ?Sized),
    log: &Mutex<Vec<Seen>>,
) {
    let Some(request) = read(&mut socket).await else { return };
    let then = {
        let mut log = log.lock().unwrap();
        log.push(request.clone());
        behave(log.len() - 1, &request)
    };
    match then {
        Then::Close => {}
        Then::Bytes(bytes) => {
            let _ = socket.write_all(&bytes).await;
            let _ = socket.shutdown().await;
        }
        Then::Stall(bytes) => {
            let _ = socket.write_all(&bytes).await;
            let _ = socket.flush().await;
            let _ = socket.read(&mut [0; 1]).await;
        }
        Then::Endless(head, piece) => {
            let _ = socket.write_all(&head).await;
            while socket.write_all(&piece).await.is_ok() {}
        }
    }
}

async fn read<S: AsyncRead + Unpin>(socket: &mut S) -> Option<Seen> {
    let mut bytes = Vec::new();
    loop {
        let mut piece = [0; 4096];
        let n = socket.read(&mut piece).await.ok().filter(|n| *n > 0)?;
        bytes.extend_from_slice(&piece[..n]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let (line, head) = head.split_once("\r\n").unwrap_or((head, ""));
        let line = line.trim_end_matches(" HTTP/1.1").to_owned();
        let seen = Seen { line, head: head.to_owned(), body: body.to_owned() };
        let length: usize = seen.header("content-length").and_then(|n| n.parse().ok()).unwrap_or(0);
        if body.len() >= length {
            return Some(seen);
        }
    }
}
