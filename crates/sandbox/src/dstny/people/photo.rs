//! Photos of colleagues: those that were uploaded, and for every second one a plain picture of the wanted size.

use super::presence;
use crate::dstny::Context;
use crate::dstny::answer::{Failure, Reply, Told};
use crate::world::World;
use bytes::Bytes;
use std::collections::BTreeMap;

const USUAL_PIXELS: i64 = 64;
const MOST_PIXELS: i64 = 512;
/// The version of a picture that nobody uploaded.
const FIRST_VERSION: u32 = 12;

#[derive(Debug)]
struct Photo {
    mime: String,
    bytes: Bytes,
    version: u32,
}

/// Uploaded pictures by user.
#[derive(Debug, Default)]
pub(in crate::dstny) struct Photos(BTreeMap<String, Photo>);

impl Photos {
    /// Grows with every upload; none if there is no picture.
    pub(super) fn version(&self, world: &World, user: &str) -> Option<u32> {
        let uploaded = self.0.get(user).map(|photo| photo.version);
        uploaded.or_else(|| has_picture(world, user).then_some(FIRST_VERSION))
    }
}

fn has_picture(world: &World, user: &str) -> bool {
    world.roster.iter().position(|other| other == user).is_some_and(|place| place % 2 == 0)
}

pub(super) fn answer(cx: &mut Context<'_>) -> Told {
    Some(match cx.call.op {
        "uinfo.image.get" | "cinfo.image" | "cinfo1.image" => show(cx),
        "uinfo.image.set" => upload(cx),
        _ => return None,
    })
}

fn show(cx: &Context<'_>) -> Result<Reply, Failure> {
    let user = presence::subject(cx)?;
    if let Some(photo) = cx.store.office.photos.0.get(&user) {
        return Ok(Reply::bytes(photo.mime.clone(), photo.bytes.clone()));
    }
    if !has_picture(&cx.world, &user) {
        return Err(Failure::missing("image", "image.does.not.exist", user));
    }
    let pixels = |name| cx.call.number(name).unwrap_or(USUAL_PIXELS).clamp(1, MOST_PIXELS) as u32;
    Ok(Reply::bytes("image/bmp", picture(&user, pixels("prefWidth"), pixels("prefHeight"))))
}

fn upload(cx: &mut Context<'_>) -> Result<Reply, Failure> {
    let user = presence::writable(cx)?;
    let mime = cx.call.header("content-type").to_owned();
    if !mime.starts_with("image/") {
        return Err(Failure::bad("image", "image.invalid", format!("{mime:?} is no picture")));
    }
    if cx.call.raw.is_empty() {
        return Err(Failure::bad("image", "field.required", "There is no picture"));
    }
    let version = cx.store.office.photos.version(&cx.world, &user).unwrap_or(FIRST_VERSION) + 1;
    cx.store.office.photos.0.insert(user.clone(), Photo { mime, bytes: cx.call.raw.clone(), version });
    cx.tell(&user, "IMAGE");
    Ok(Reply::done())
}

/// A bitmap in the one colour that belongs to the name.
fn picture(name: &str, width: u32, height: u32) -> Vec<u8> {
    let hash =
        name.bytes().fold(2_166_136_261_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(16_777_619));
    let [red, green, blue, _] = hash.to_be_bytes();
    let row = (width * 3).div_ceil(4) * 4;
    let size = 54 + row * height;
    let mut bitmap = Vec::with_capacity(size as usize);
    bitmap.extend(b"BM");
    for number in [size, 0, 54, 40, width, height] {
        bitmap.extend(number.to_le_bytes());
    }
    // One plane, 24 bits a pixel, not compressed.
    bitmap.extend([1, 0, 24, 0]);
    for number in [0, row * height, 2_835, 2_835, 0, 0] {
        bitmap.extend(number.to_le_bytes());
    }
    for _ in 0..height {
        (0..width).for_each(|_| bitmap.extend([blue | 64, green | 64, red | 64]));
        bitmap.resize(bitmap.len() + (row - width * 3) as usize, 0);
    }
    bitmap
}

#[cfg(test)]
mod tests {
    use super::picture;

    #[test]
    fn a_bitmap_is_as_long_as_it_says() {
        for (width, height) in [(1, 1), (3, 2), (64, 48)] {
            let bitmap = picture("ida", width, height);
            assert_eq!(bitmap[2..6], u32::try_from(bitmap.len()).unwrap().to_le_bytes());
        }
    }
}
