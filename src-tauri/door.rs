//! The key to a folder and the door of whoever holds it: how the command line and a second start reach a running
//! Offhook.
//!
//! One copy of Offhook has one engine, because two would race for the same outbox and spoil each other's tokens. So
//! whoever runs the engine of a folder (the app, or a command where no app runs) holds its key, a locked file that the
//! system lets go of however the holder ends, and opens a door, at which everybody else asks. It is a socket that only
//! the same user can open (on Windows a named pipe that only the same user can write to); no network port. What can be
//! asked is the table of [`model::ipc`], as the main window may ask it, and a few words more.
//!
//! The app goes before commands: a command that holds the key ends soon by itself, a watcher steps aside, and the app
//! that knocked takes over. Who ends lets its visitors finish first.
//!
//! One request a line, one answer a line: `{"ok":…}` or `{"problem":…}`. After `follow` the answers go on: a snapshot,
//! then a list of events whenever there are some, and a snapshot again after a gap.

mod socket;

use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use engine::Followed;
use model::ipc::{self, Window};
use model::{CommandId, Problem, ProblemCode};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::sync::{Notify, watch};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{Instant, sleep, timeout};

use self::socket::{Listener, Stream, connect};
use crate::place::Place;
use crate::shell::{Shell, internal};

/// The longest request, in bytes: the longest of a window, and its wrapping.
const LONGEST_REQUEST: u64 = ipc::MAX_REQUEST as u64 + 1024;
/// How long a door that is there may take to open.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long an open door may take to answer.
pub(crate) const ANSWERS: Duration = Duration::from_secs(5);
/// How long a visitor may keep the one it visits from ending: as long as its command may take.
const LONGEST_VISIT: Duration = Duration::from_secs(40);
/// How long to wait for a folder whose key is taken and whose door is closed: somebody starts there, or ends.
pub(crate) const LONGEST_WAIT: Duration = Duration::from_secs(45);
/// How long who stepped aside waits for the other to take over.
const TAKE_OVER: Duration = Duration::from_secs(10);
/// How often a key or a door that is not to be had is tried again.
pub(crate) const AGAIN: Duration = Duration::from_millis(50);
/// How long the door rests when the system cannot give it a connection.
const REST: Duration = Duration::from_millis(500);

/// What can be asked at the door.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "ask")]
pub(crate) enum Ask {
    /// Come in: from the answer on, who answers does not end before the visitor leaves or follows.
    Enter,
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
    /// A second start: shows the window and takes the links in. Answers whether this is the app at all; if it is not,
    /// nothing was taken, and the key will be free soon.
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

/// Who may run the engine of a folder. The system takes it back when the holder ends, however that happens.
pub(crate) struct Key(#[allow(dead_code, reason = "its lock is what counts")] File);

impl Key {
    /// Takes the key of a folder; `None` when somebody else holds it.
    ///
    /// # Errors
    /// When the folder cannot be written to.
    pub(crate) fn take(place: &Place) -> io::Result<Option<Self>> {
        let file = File::options().create(true).truncate(false).write(true).open(place.key())?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self(file))),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }
}

/// What is found when a folder is come to.
pub(crate) enum Reached {
    /// Nobody was there: the engine may be started.
    Mine(Key),
    /// Somebody runs the engine and answers.
    Theirs(Visitor),
}

/// Takes the key of a folder, or reaches who holds it.
///
/// # Errors
/// [`io::ErrorKind::TimedOut`] when somebody holds it and does not answer; others when the folder cannot be used.
pub(crate) async fn reach(place: &Place) -> io::Result<Reached> {
    let latest = Instant::now() + LONGEST_WAIT;
    loop {
        if let Some(key) = Key::take(place)? {
            return Ok(Reached::Mine(key));
        }
        if let Some(mut visitor) = Visitor::knock(&place.door()).await {
            match timeout(ANSWERS, visitor.ask::<()>(&Ask::Enter)).await {
                Ok(Ok(())) => return Ok(Reached::Theirs(visitor)),
                // It was just ending.
                Ok(Err(_)) => {}
                Err(_) => return Err(no_answer()),
            }
        }
        if Instant::now() > latest {
            return Err(no_answer());
        }
        sleep(AGAIN).await;
    }
}

/// Somebody holds the folder and cannot be talked to.
pub(crate) fn no_answer() -> io::Error {
    io::Error::new(io::ErrorKind::TimedOut, "another Offhook uses this folder and does not answer")
}

/// After stepping aside: waits until the other has taken over, or for so long that it will not.
pub(crate) async fn taken_over(place: &Place) {
    let answers = async {
        while Visitor::knock(&place.door()).await.is_none() {
            sleep(AGAIN).await;
        }
    };
    if timeout(TAKE_OVER, answers).await.is_err() {
        tracing::info!("nobody has taken over");
    }
}

/// Who is at the door.
#[derive(Default)]
struct Guests {
    /// How many have entered and not left yet. Followers are not among them: they cope with an end.
    busy: watch::Sender<usize>,
    /// The app has knocked here, where no app is.
    app: Notify,
}

/// One guest that has entered.
struct Busy(Arc<Guests>);

impl Busy {
    fn new(guests: &Arc<Guests>) -> Self {
        guests.busy.send_modify(|count| *count += 1);
        Self(Arc::clone(guests))
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.busy.send_modify(|count| *count -= 1);
    }
}

/// An open door. Dropping it closes it at once and gives the key back.
pub(crate) struct Door {
    #[cfg(unix)]
    path: PathBuf,
    guests: Arc<Guests>,
    answering: Option<JoinHandle<()>>,
    _key: Key,
}

impl Door {
    /// Opens the door and answers at it. Where it cannot be opened nobody is answered, and everything else goes on.
    pub(crate) async fn open(shell: Arc<Shell>, key: Key) -> Self {
        let (path, guests) = (shell.place.door(), Arc::<Guests>::default());
        let answering = match Listener::bind(&path).await {
            Ok(listener) => Some(tokio::spawn(answer(listener, shell, Arc::clone(&guests)))),
            Err(error) => {
                tracing::warn!(%error, "commands cannot reach this Offhook");
                None
            }
        };
        Self {
            #[cfg(unix)]
            path,
            guests,
            answering,
            _key: key,
        }
    }

    /// Waits until the app knocks here.
    pub(crate) async fn app_knocks(&self) {
        self.guests.app.notified().await;
    }

    /// Lets nobody new in and waits until those inside have what they came for.
    pub(crate) async fn empty(&self) {
        self.hide();
        let mut busy = self.guests.busy.subscribe();
        if timeout(LONGEST_VISIT, busy.wait_for(|count| *count == 0)).await.is_err() {
            tracing::warn!("a visitor did not leave");
        }
    }

    /// Closes the door for good and gives the key back.
    pub(crate) async fn close(mut self) {
        if let Some(answering) = self.answering.take() {
            answering.abort();
            // Whoever comes next must find nothing of it left.
            let _ = answering.await;
        }
    }

    /// Nobody finds the door any more. It is ours to take away as long as we have the key.
    pub(crate) fn hide(&self) {
        // A pipe goes with who made it.
        #[cfg(unix)]
        let _ = std::fs::remove_file(&self.path);
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        self.hide();
        if let Some(answering) = &self.answering {
            answering.abort();
        }
    }
}

async fn answer(mut listener: Listener, shell: Arc<Shell>, guests: Arc<Guests>) {
    // They go with the door.
    let mut inside = JoinSet::new();
    loop {
        match listener.accept().await {
            Ok(stream) => {
                let (shell, guests) = (Arc::clone(&shell), Arc::clone(&guests));
                inside.spawn(async move {
                    if let Err(error) = serve(stream, &shell, &guests).await {
                        tracing::debug!(%error, "a visitor at the door has left");
                    }
                });
            }
            Err(error) => {
                tracing::warn!(%error, "a visitor could not be let in");
                sleep(REST).await;
            }
        }
        while inside.try_join_next().is_some() {}
    }
}

async fn serve(stream: impl Stream, shell: &Arc<Shell>, guests: &Arc<Guests>) -> io::Result<()> {
    let mut stream = BufReader::new(stream);
    let mut busy = None;
    loop {
        let mut line = String::new();
        if (&mut stream).take(LONGEST_REQUEST).read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let ask = serde_json::from_str(&line);
        let answer = match ask {
            Ok(Ask::Enter) => {
                busy.get_or_insert_with(|| Busy::new(guests));
                Ok(Value::Null)
            }
            Ok(Ask::Call { command, request }) => {
                ipc::dispatch(shell.as_ref(), Window::Main, &command, request).await
            }
            Ok(Ask::Finished { id }) => to_value(&shell.engine.finished(id).await),
            Ok(Ask::Open { links }) => Ok(Value::Bool(open_app(shell, guests, &links))),
            Ok(Ask::Follow) => {
                drop(busy);
                return follow(stream, shell).await;
            }
            // What was sent is not quoted: it may hold a password.
            Err(_) => Err(internal("not a request")),
        };
        send(&mut stream, answer).await?;
    }
}

fn open_app(shell: &Shell, guests: &Guests, links: &[String]) -> bool {
    if !shell.desk.is_the_app() {
        guests.app.notify_one();
        return false;
    }
    shell.desk.show_main();
    for link in links {
        shell.link(link);
    }
    true
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
        let stream = timeout(PATIENCE, connect(door)).await.ok()?.ok()?;
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
    let problem = Problem::new(ProblemCode::NotPossible).with("what", "the running Offhook has ended");
    problem.saying(["The running Offhook has ended.".to_owned()])
}

#[cfg(test)]
mod tests;
