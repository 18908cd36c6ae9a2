//! What the door is made of on each system: a socket for this user alone, or a named pipe. The half for Windows cannot
//! be tried where Offhook is built so far; it is written from tokio's documentation.

use std::io;
use std::path::Path;

use tokio::io::{AsyncRead, AsyncWrite};

/// What a connection is on this system.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

#[cfg(unix)]
pub(super) struct Listener(tokio::net::UnixListener);

#[cfg(unix)]
impl Listener {
    pub(super) async fn bind(door: &Path) -> io::Result<Self> {
        use std::os::unix::fs::PermissionsExt;
        // Who binds has the key: what lies there is left from a run that was killed.
        match std::fs::remove_file(door) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let listener = tokio::net::UnixListener::bind(door)?;
        std::fs::set_permissions(door, std::fs::Permissions::from_mode(0o600))?;
        Ok(Self(listener))
    }

    pub(super) async fn accept(&mut self) -> io::Result<impl Stream + use<>> {
        self.0.accept().await.map(|(stream, _)| stream)
    }
}

#[cfg(unix)]
pub(super) async fn connect(door: &Path) -> io::Result<Box<dyn Stream>> {
    Ok(Box::new(tokio::net::UnixStream::connect(door).await?))
}

#[cfg(windows)]
pub(super) struct Listener {
    name: std::ffi::OsString,
    next: tokio::net::windows::named_pipe::NamedPipeServer,
}

#[cfg(windows)]
impl Listener {
    pub(super) async fn bind(door: &Path) -> io::Result<Self> {
        let name = door.as_os_str().to_owned();
        let next =
            tokio::net::windows::named_pipe::ServerOptions::new().first_pipe_instance(true).create(&name)?;
        Ok(Self { name, next })
    }

    pub(super) async fn accept(&mut self) -> io::Result<impl Stream + use<>> {
        self.next.connect().await?;
        let next = tokio::net::windows::named_pipe::ServerOptions::new().create(&self.name)?;
        Ok(std::mem::replace(&mut self.next, next))
    }
}

#[cfg(windows)]
pub(super) async fn connect(door: &Path) -> io::Result<Box<dyn Stream>> {
    Ok(Box::new(tokio::net::windows::named_pipe::ClientOptions::new().open(door)?))
}
