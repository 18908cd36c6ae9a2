//! The ring sound: a tone of our own, on the output the agent chose.
//!
//! A thread of its own owns the output, because opening one can block and some systems tie a stream to its thread. The
//! output is open only while something plays, so that an idle Offhook holds no device. When the chosen device is gone
//! (a headset unplugged) the system's default rings instead: wrong device is better than no ring.

use std::f32::consts::TAU;
use std::num::NonZero;
use std::sync::mpsc;
use std::time::Duration;

use model::{Problem, ProblemCode};
use rodio::buffer::SamplesBuffer;
use rodio::cpal::traits::{DeviceTrait, HostTrait};
use rodio::{DeviceSinkBuilder, MixerDeviceSink, Player, Source, cpal};
use tokio::sync::oneshot;

const RATE: u32 = 44_100;
/// How long the audio system may take to answer before the agent is told that it does not.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long the ring of a test alert sounds.
const TEST: Duration = Duration::from_secs(2);

/// How to ring.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ringing {
    /// Output device by name; absent means the system's default.
    pub device: Option<String>,
    /// Loudness, 0–100.
    pub volume: u8,
}

enum Ask {
    Ring(Ringing),
    Quiet,
    Test(Ringing, oneshot::Sender<Result<(), Problem>>),
    Probe(Option<String>, oneshot::Sender<Result<(), Problem>>),
    Devices(oneshot::Sender<Vec<String>>),
}

/// Handle to the thread that plays. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Sound(mpsc::Sender<Ask>);

impl Sound {
    /// Starts the thread. Touches no device yet.
    pub(crate) fn start() -> Self {
        let (asks, inbox) = mpsc::channel();
        // Without a thread every ask fails, and says so.
        if let Err(error) = std::thread::Builder::new().name("sound".to_owned()).spawn(move || play(&inbox)) {
            tracing::warn!(%error, "no thread for the ring sound");
        }
        Self(asks)
    }

    /// Rings until [`Self::quiet`]. Asking again while it rings changes device and loudness.
    pub(crate) fn ring(&self, ringing: Ringing) {
        let _ = self.0.send(Ask::Ring(ringing));
    }

    /// Stops ringing at once.
    pub(crate) fn quiet(&self) {
        let _ = self.0.send(Ask::Quiet);
    }

    /// Rings for two seconds.
    ///
    /// # Errors
    /// [`ProblemCode::NotPossible`] when no output can be opened.
    pub(crate) async fn test(&self, ringing: Ringing) -> Result<(), Problem> {
        let (answer, wait) = oneshot::channel();
        let _ = self.0.send(Ask::Test(ringing, answer));
        match tokio::time::timeout(PATIENCE, wait).await {
            Ok(Ok(result)) => result,
            _ => Err(no_sound("the audio system does not answer")),
        }
    }

    /// Opens the output this device stands for, silently.
    ///
    /// # Errors
    /// As [`Self::test`].
    pub(crate) async fn probe(&self, device: Option<String>) -> Result<(), Problem> {
        let (answer, wait) = oneshot::channel();
        let _ = self.0.send(Ask::Probe(device, answer));
        match tokio::time::timeout(PATIENCE, wait).await {
            Ok(Ok(result)) => result,
            _ => Err(no_sound("the audio system does not answer")),
        }
    }

    /// Names of the outputs. Empty when there is none or the audio system does not answer.
    pub(crate) async fn devices(&self) -> Vec<String> {
        let (answer, wait) = oneshot::channel();
        let _ = self.0.send(Ask::Devices(answer));
        tokio::time::timeout(PATIENCE, wait).await.ok().and_then(Result::ok).unwrap_or_default()
    }
}

fn no_sound(why: impl Into<String>) -> Problem {
    Problem::new(ProblemCode::NotPossible).with("what", "sound").with("reason", why)
}

fn play(inbox: &mpsc::Receiver<Ask>) {
    let mut playing: Option<Playing> = None;
    let mut until = None;
    loop {
        let ask = match until {
            None => match inbox.recv() {
                Ok(ask) => ask,
                Err(_) => return,
            },
            Some(wait) => match inbox.recv_timeout(wait) {
                Ok(ask) => ask,
                Err(mpsc::RecvTimeoutError::Timeout) => Ask::Quiet,
                Err(mpsc::RecvTimeoutError::Disconnected) => return,
            },
        };
        match ask {
            Ask::Ring(ringing) => {
                until = None;
                match playing.take() {
                    Some(same) if same.ringing == ringing => playing = Some(same),
                    old => {
                        drop(old);
                        playing = Playing::new(ringing)
                            .inspect_err(|problem| tracing::warn!(%problem, "the ring cannot be heard"))
                            .ok();
                    }
                }
            }
            Ask::Quiet => {
                playing = None;
                until = None;
            }
            Ask::Test(ringing, answer) => {
                // A real ring goes on: the agent hears that sound works.
                let result = match (&playing, until) {
                    (Some(_), None) => Ok(()),
                    _ => Playing::new(ringing).map(|test| {
                        playing = Some(test);
                        until = Some(TEST);
                    }),
                };
                let _ = answer.send(result);
            }
            Ask::Probe(device, answer) => {
                // What plays proves itself.
                let result = if playing.is_some() { Ok(()) } else { open(device.as_deref()).map(silently) };
                let _ = answer.send(result);
            }
            Ask::Devices(answer) => {
                let _ = answer.send(devices().into_iter().map(|(name, _)| name).collect());
            }
        }
    }
}

/// An open output with the ring on it; silent when dropped.
struct Playing {
    ringing: Ringing,
    _player: Player,
    _output: MixerDeviceSink,
}

impl Playing {
    fn new(ringing: Ringing) -> Result<Self, Problem> {
        let mut output = open(ringing.device.as_deref())?;
        output.log_on_drop(false);
        let player = Player::connect_new(output.mixer());
        // Loudness is heard in proportions, not in steps: the square comes near to that.
        let volume = f32::from(ringing.volume.min(100)) / 100.0;
        player.set_volume(volume * volume);
        player.append(SamplesBuffer::new(NonZero::<u16>::MIN, rate(), tone()).repeat_infinite());
        Ok(Self { ringing, _player: player, _output: output })
    }
}

fn rate() -> NonZero<u32> {
    NonZero::new(RATE).unwrap_or(NonZero::<u32>::MIN)
}

fn open(name: Option<&str>) -> Result<MixerDeviceSink, Problem> {
    if let Some(name) = name {
        match devices().into_iter().find(|(known, _)| known == name) {
            Some((_, device)) => {
                let opened = DeviceSinkBuilder::from_device(device)
                    .and_then(|builder| builder.open_sink_or_fallback());
                match opened {
                    Ok(output) => return Ok(output),
                    Err(error) => {
                        tracing::warn!(%error, "the chosen output cannot be opened: the default rings");
                    }
                }
            }
            None => tracing::warn!("the chosen output is not there: the default rings"),
        }
    }
    DeviceSinkBuilder::open_default_sink().map_err(|error| no_sound(error.to_string()))
}

/// Closes an output without the library's word about it on standard error.
fn silently(mut output: MixerDeviceSink) {
    output.log_on_drop(false);
}

/// The outputs by name, each name once.
fn devices() -> Vec<(String, cpal::Device)> {
    let mut found: Vec<(String, cpal::Device)> = Vec::new();
    let outputs = cpal::default_host().output_devices().into_iter().flatten();
    for device in outputs {
        let Ok(description) = device.description() else { continue };
        let name = description.name().to_owned();
        if found.iter().all(|(known, _)| *known != name) {
            found.push((name, device));
        }
    }
    found
}

/// One turn of the ring: two short bursts of two tones, then a pause. Three seconds, mono.
fn tone() -> Vec<f32> {
    let seconds = |s: f32| (s * RATE as f32) as usize;
    let mut samples = vec![0.0; seconds(3.0)];
    for start in [0.0, 0.6] {
        let (start, length, edge) = (seconds(start), seconds(0.4), seconds(0.015));
        for n in 0..length {
            let t = n as f32 / RATE as f32;
            // Soft edges: a tone that starts at full strength clicks.
            let envelope = (n.min(length - n) as f32 / edge as f32).min(1.0);
            let both = (TAU * 523.25 * t).sin() + (TAU * 659.25 * t).sin();
            samples[start + n] = both * 0.45 * envelope;
        }
    }
    samples
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tone_is_loud_in_its_bursts_silent_between_and_never_clips() {
        let tone = tone();
        let peak = |from: f32, to: f32| {
            let range = (from * RATE as f32) as usize..(to * RATE as f32) as usize;
            tone[range].iter().fold(0.0_f32, |peak, sample| peak.max(sample.abs()))
        };
        assert!(peak(0.05, 0.35) > 0.5 && peak(0.65, 0.95) > 0.5);
        assert!(peak(0.41, 0.59) == 0.0 && peak(1.01, 3.0) == 0.0);
        assert!(peak(0.0, 3.0) <= 1.0);
        assert!(tone[1].abs() < 0.01, "a soft start");
    }

    /// Where there is no sound card the answer must be a problem, never a panic or a hang; where there is one it plays.
    #[tokio::test]
    async fn a_test_ring_answers_whatever_this_computer_has() {
        let sound = Sound::start();
        let ringing = Ringing { device: Some("a headset that is not there".to_owned()), volume: 0 };
        match sound.test(ringing).await {
            Ok(()) => assert!(!sound.devices().await.is_empty()),
            Err(problem) => assert_eq!(problem.code, ProblemCode::NotPossible),
        }
        sound.quiet();
    }
}
