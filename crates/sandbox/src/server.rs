//! The front doors: our own accept loop, so that things can go wrong below HTTP.
//!
//! Each door has a listener and a handler. A handler may answer, drop the connection without an answer, or never
//! answer. When the generation changes (`POST /restart`) every connection is cut and the listener is opened anew on the
//! same port. [`Tap`] sits between HTTP and the socket and writes down the moment at which marked answers were written.

use crate::journal::Journal;
use bytes::Bytes;
use http_body_util::{BodyExt, Full, combinators::BoxBody};
use hyper::body::{Body, Frame, Incoming, SizeHint};
use hyper::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderValue};
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use std::future::Future;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;

pub(crate) type Answer = Response<BoxBody<Bytes, io::Error>>;

/// What a handler decides.
pub(crate) enum Outcome {
    Answer(Answer),
    /// Close the connection, say nothing.
    Drop,
    /// Keep the connection, say nothing.
    Hang,
}

pub(crate) trait Handler: Send + Sync + 'static {
    fn handle(
        self: Arc<Self>,
        request: Request<Incoming>,
        marks: Marks,
    ) -> impl Future<Output = Outcome> + Send;
}

/// Marks that are written into the journal when the answer goes out: what, and for which agent.
#[derive(Debug, Clone, Default)]
pub(crate) struct Marks(Arc<Mutex<Vec<Mark>>>);

type Mark = (&'static str, String, String);

impl Marks {
    pub(crate) fn add(&self, what: &'static str, agent: &str, detail: &str) {
        let mut marks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        marks.push((what, agent.to_owned(), detail.to_owned()));
    }

    fn take(&self) -> Vec<Mark> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

pub(crate) fn answer(status: StatusCode, content_type: &'static str, body: impl Into<Bytes>) -> Answer {
    let body = body.into();
    let empty = body.is_empty();
    let mut answer = Response::new(Full::new(body).map_err(|never| match never {}).boxed());
    *answer.status_mut() = status;
    if !empty {
        answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    }
    answer
}

/// Promises the whole body and sends the first half of it.
pub(crate) fn cut_short(whole: Answer, body: &Bytes) -> Answer {
    let (mut head, _) = whole.into_parts();
    head.headers.insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
    Response::from_parts(head, Half { rest: Some(body.slice(..body.len() / 2)), flushed: false }.boxed())
}

struct Half {
    rest: Option<Bytes>,
    flushed: bool,
}

impl Body for Half {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if let Some(half) = self.rest.take() {
            return Poll::Ready(Some(Ok(Frame::data(half))));
        }
        if !std::mem::replace(&mut self.flushed, true) {
            // While a body is pending, what there is of it is written out.
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(Some(Err(io::Error::new(io::ErrorKind::ConnectionAborted, "cut short on purpose"))))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::default()
    }
}

/// An open door.
pub(crate) struct Door {
    pub address: SocketAddr,
    /// Holds the port while the door is closed: without it another program may be given the number meanwhile, and
    /// whoever knocks talks to a stranger.
    _reserved: Option<TcpSocket>,
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
}

impl Door {
    /// Opens a port on this machine only; 0 takes a free one.
    pub(crate) async fn open(port: u16, tls: Option<TlsAcceptor>) -> io::Result<Self> {
        let wanted = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        // Elsewhere two sockets cannot share a number of which only one listens.
        let reserved = cfg!(target_os = "linux").then(|| bound(wanted)).transpose()?;
        let address = reserved.as_ref().map_or(Ok(wanted), TcpSocket::local_addr)?;
        let listener = listen(address)?;
        Ok(Self { address: listener.local_addr()?, _reserved: reserved, listener, tls })
    }

    /// Lets people in until `generation`'s sender is gone. A new generation cuts everybody off; the door opens again
    /// after as many milliseconds as the generation says.
    pub(crate) async fn serve<H: Handler>(
        self,
        handler: Arc<H>,
        journal: Arc<Journal>,
        mut generation: watch::Receiver<Generation>,
    ) {
        let Self { address, _reserved, mut listener, tls } = self;
        loop {
            tokio::select! {
                changed = generation.changed() => {
                    if changed.is_err() {
                        return;
                    }
                    let closed_for = generation.borrow_and_update().closed_for;
                    drop(listener);
                    tokio::time::sleep(closed_for).await;
                    listener = match reopen(address).await {
                        Ok(listener) => listener,
                        Err(error) => {
                            journal.note("door.lost", "", &error.to_string());
                            return;
                        }
                    };
                    journal.note("door.open", "", &address.to_string());
                }
                accepted = listener.accept() => {
                    // Out of file handles or a connection that died at once: the next one may do better.
                    let Ok((stream, _)) = accepted else {
                        tokio::time::sleep(Duration::from_millis(5)).await;
                        continue;
                    };
                    let (handler, journal, tls) = (handler.clone(), journal.clone(), tls.clone());
                    // Not marked as seen: who came in while the door was already closing is cut off too.
                    let mut cut = generation.clone();
                    tokio::spawn(async move {
                        tokio::select! {
                            _ = cut.changed() => {}
                            () = converse(stream, tls, handler, journal) => {}
                        }
                    });
                }
            }
        }
    }
}

/// One life of the doors, from start or restart to the next.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Generation {
    pub closed_for: Duration,
}

fn bound(address: SocketAddr) -> io::Result<TcpSocket> {
    let socket = TcpSocket::new_v4()?;
    // On Windows this would let any other program take the number too.
    socket.set_reuseaddr(cfg!(unix))?;
    socket.bind(address)?;
    Ok(socket)
}

fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    bound(address)?.listen(1024)
}

async fn reopen(address: SocketAddr) -> io::Result<TcpListener> {
    let mut tries = 0;
    loop {
        match listen(address) {
            Err(error) if error.kind() == io::ErrorKind::AddrInUse && tries < 100 => {
                tries += 1;
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            other => return other,
        }
    }
}

async fn converse<H: Handler>(
    stream: TcpStream,
    tls: Option<TlsAcceptor>,
    handler: Arc<H>,
    journal: Arc<Journal>,
) {
    // A socket that refuses the option still works, only slower.
    let _ = stream.set_nodelay(true);
    let marks = Marks::default();
    let tap = Tap { inner: stream, marks: marks.clone(), journal };
    match tls {
        None => speak_http(tap, handler, marks).await,
        Some(tls) => {
            if let Ok(stream) = tls.accept(tap).await {
                speak_http(stream, handler, marks).await;
            }
        }
    }
}

async fn speak_http<H: Handler>(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    handler: Arc<H>,
    marks: Marks,
) {
    let service = hyper::service::service_fn(move |request| {
        let (handler, marks) = (handler.clone(), marks.clone());
        async move {
            match handler.handle(request, marks).await {
                Outcome::Answer(answer) => Ok(answer),
                Outcome::Drop => Err(io::Error::new(io::ErrorKind::ConnectionAborted, "dropped on purpose")),
                Outcome::Hang => std::future::pending().await,
            }
        }
    });
    // An error here is the client gone or a fault that was asked for: both are the other side's news.
    let _ = hyper::server::conn::http1::Builder::new()
        .header_read_timeout(None)
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

/// The socket, with an eye on when something was written.
struct Tap {
    inner: TcpStream,
    marks: Marks,
    journal: Arc<Journal>,
}

impl AsyncRead for Tap {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_read(cx, buf)
    }
}

impl Tap {
    fn written(&self, result: io::Result<usize>) -> Poll<io::Result<usize>> {
        if result.as_ref().is_ok_and(|n| *n > 0) {
            for (what, agent, detail) in self.marks.take() {
                self.journal.note(what, &agent, &detail);
            }
        }
        Poll::Ready(result)
    }
}

impl AsyncWrite for Tap {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let result = ready!(Pin::new(&mut self.inner).poll_write(cx, buf));
        self.written(result)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let result = ready!(Pin::new(&mut self.inner).poll_write_vectored(cx, bufs));
        self.written(result)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }
}
