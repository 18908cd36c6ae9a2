//! The door of a running Offhook: how the command line and a second start reach it.
//!
//! One copy of Offhook has one engine, because two would race for the same outbox and spoil each other's tokens. So
//! whoever runs the engine of a folder (the app, or `offhook watch`) opens a door, and everybody else asks there. It is
//! a socket that only the same user can open (on Windows a named pipe that only the same user can write to); no network
//! port. What can be asked is the table of [`model::ipc`], as the main window may ask it, and a few words more.
//!
//! One request a line, one answer a line: `{"ok":…}` or `{"problem":…}`. After `follow` the answers go on: a snapshot,
//! then a list of events whenever there are some, and a snapshot again after a gap.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use engine::Followed;
use model::ipc::{self, Window};
use model::{CommandId, Problem, ProblemCode};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};

use crate::shell::{Shell, internal};

/// The longest request, in bytes: the longest of a window, and its wrapping.
const LONGEST_REQUEST: u64 = ipc::MAX_REQUEST as u64 + 1024;
/// How long a door that is there may take to open.
const PATIENCE: Duration = Duration::from_secs(2);

/// What can be asked at the door.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "ask")]
pub(crate) enum Ask {
    /// A command of the table.
    Call {
        /// Its name.
        command: String,
        /// Its request.
        request: Value,
    },
    /// Waits until a command is no longer pending and answers its status.
    Finished {
        /// Which.
        id: CommandId,
    },
    /// Follows the events.
    Follow,
    /// A second start: shows the window, and takes the links in. Answers whether there is a window at all.
    Open {
        /// `tel:` and `callto:` links.
        links: Vec<String>,
    },
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Answer {
    Ok(Value),
    Problem(Problem),
}

impl From<Result<Value, Problem>> for Answer {
    fn from(result: Result<Value, Problem>) -> Self {
        match result {
            Ok(value) => Self::Ok(value),
            Err(problem) => Self::Problem(problem),
        }
    }
}

/// What a connection is on this system.
trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// Opens the door and answers until the runtime ends.
///
/// # Errors
/// [`io::ErrorKind::AddrInUse`] when somebody else holds it; others when it cannot be made.
pub(crate) async fn open(shell: Arc<Shell>) -> io::Result<()> {
    let mut listener = Listener::bind(&shell.place.door()).await?;
    tauri::async_runtime::spawn(async move {
        loop {
            match listener.accept().await {
                Ok(stream) => {
                    let shell = Arc::clone(&shell);
                    tauri::async_runtime::spawn(async move {
                        if let Err(error) = serve(stream, &shell).await {
                            tracing::debug!(%error, "a visitor at the door has left");
                        }
                    });
                }
                Err(error) => {
                    tracing::warn!(%error, "the door is closed");
                    return;
                }
            }
        }
    });
    Ok(())
}

async fn serve(stream: impl Stream, shell: &Arc<Shell>) -> io::Result<()> {
    let mut stream = BufReader::new(stream);
    loop {
        let mut line = String::new();
        if (&mut stream).take(LONGEST_REQUEST).read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let answer = match serde_json::from_str(&line) {
            Ok(Ask::Call { command, request }) => {
                ipc::dispatch(shell.as_ref(), Window::Main, &command, request).await
            }
            Ok(Ask::Finished { id }) => to_value(&shell.engine.finished(id).await),
            Ok(Ask::Open { links }) => Ok(Value::Bool(show(shell, &links))),
            Ok(Ask::Follow) => return follow(stream, shell).await,
            // What was sent is not quoted: it may hold a password.
            Err(_) => Err(internal("not a request")),
        };
        send(&mut stream, answer).await?;
    }
}

fn show(shell: &Shell, links: &[String]) -> bool {
    let has_window = shell.desk.can_ask();
    shell.desk.show_main();
    for link in links {
        shell.link(link);
    }
    has_window
}

async fn follow(mut stream: BufReader<impl Stream>, shell: &Shell) -> io::Result<()> {
    let (snapshot, mut follower) = shell.engine.follow();
    send(&mut stream, to_value(&snapshot)).await?;
    let mut nothing = [0; 1];
    loop {
        let followed = tokio::select! {
            followed = follower.next() => followed,
            // A follower says nothing more; reading notices that it has left.
            read = stream.read(&mut nothing) => return read.map(|_| ()),
        };
        let answer = match followed {
            Followed::Events(events) => to_value(&events),
            Followed::Gap => to_value(&shell.engine.snapshot()),
            Followed::End => return Ok(()),
        };
        send(&mut stream, answer).await?;
    }
}

fn to_value(answer: &impl Serialize) -> Result<Value, Problem> {
    serde_json::to_value(answer).map_err(|error| internal(&error.to_string()))
}

async fn send(stream: &mut BufReader<impl Stream>, answer: Result<Value, Problem>) -> io::Result<()> {
    let mut line = serde_json::to_vec(&Answer::from(answer))?;
    line.push(b'\n');
    stream.write_all(&line).await?;
    stream.flush().await
}

/// The other side: somebody who has found the door open.
pub(crate) struct Visitor(BufReader<Box<dyn Stream>>);

impl Visitor {
    /// Knocks. Nothing when nobody answers, which is what is found when Offhook does not run.
    pub(crate) async fn knock(door: &Path) -> Option<Self> {
        let stream = tokio::time::timeout(PATIENCE, connect(door)).await.ok()?.ok()?;
        Some(Self(BufReader::new(stream)))
    }

    /// Asks and waits for the answer.
    ///
    /// # Errors
    /// What Offhook answers; [`ProblemCode::Internal`] when it has gone or speaks differently.
    pub(crate) async fn ask<T: DeserializeOwned>(&mut self, ask: &Ask) -> Result<T, Problem> {
        let mut line = serde_json::to_vec(ask).map_err(|error| internal(&error.to_string()))?;
        line.push(b'\n');
        let sent = async {
            self.0.write_all(&line).await?;
            self.0.flush().await
        };
        sent.await.map_err(|_| gone())?;
        let value = self.hear().await?;
        serde_json::from_value(value).map_err(|_| internal("the running Offhook is of another version"))
    }

    /// Waits for the next answer of a `follow`.
    ///
    /// # Errors
    /// As [`Self::ask`].
    pub(crate) async fn hear(&mut self) -> Result<Value, Problem> {
        let mut line = String::new();
        match self.0.read_line(&mut line).await {
            Ok(read) if read > 0 => {}
            _ => return Err(gone()),
        }
        match serde_json::from_str(&line) {
            Ok(Answer::Ok(value)) => Ok(value),
            Ok(Answer::Problem(problem)) => Err(problem),
            Err(_) => Err(internal("the running Offhook is of another version")),
        }
    }
}

fn gone() -> Problem {
    Problem::new(ProblemCode::NotPossible).with("what", "the running Offhook has ended")
}

#[cfg(unix)]
struct Listener(tokio::net::UnixListener);

#[cfg(unix)]
impl Listener {
    async fn bind(door: &Path) -> io::Result<Self> {
        use std::os::unix::fs::PermissionsExt;
        if tokio::net::UnixStream::connect(door).await.is_ok() {
            return Err(io::ErrorKind::AddrInUse.into());
        }
        // Nobody answers: what lies there is left from a run that was killed.
        match std::fs::remove_file(door) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let listener = tokio::net::UnixListener::bind(door)?;
        std::fs::set_permissions(door, std::fs::Permissions::from_mode(0o600))?;
        Ok(Self(listener))
    }

    async fn accept(&mut self) -> io::Result<impl Stream + use<>> {
        self.0.accept().await.map(|(stream, _)| stream)
    }
}

#[cfg(unix)]
async fn connect(door: &Path) -> io::Result<Box<dyn Stream>> {
    Ok(Box::new(tokio::net::UnixStream::connect(door).await?))
}

#[cfg(windows)]
struct Listener {
    name: std::ffi::OsString,
    next: tokio::net::windows::named_pipe::NamedPipeServer,
}

#[cfg(windows)]
impl Listener {
    async fn bind(door: &Path) -> io::Result<Self> {
        let name = door.as_os_str().to_owned();
        let next = tokio::net::windows::named_pipe::ServerOptions::new()
            .first_pipe_instance(true)
            .create(&name)
            .map_err(|error| match error.kind() {
                io::ErrorKind::PermissionDenied => io::ErrorKind::AddrInUse.into(),
                _ => error,
            })?;
        Ok(Self { name, next })
    }

    async fn accept(&mut self) -> io::Result<impl Stream + use<>> {
        self.next.connect().await?;
        let next = tokio::net::windows::named_pipe::ServerOptions::new().create(&self.name)?;
        Ok(std::mem::replace(&mut self.next, next))
    }
}

#[cfg(windows)]
async fn connect(door: &Path) -> io::Result<Box<dyn Stream>> {
    Ok(Box::new(tokio::net::windows::named_pipe::ClientOptions::new().open(door)?))
}
