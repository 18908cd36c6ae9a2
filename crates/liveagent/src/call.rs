//! A request in this API's words: where it goes and what it carries.
//!
//! Reads carry everything in the query. `POST` carries a multipart form, `PUT` and `DELETE` (with a body) an urlencoded one,
//! as in the vendor's examples. Where the key goes is the client's business.

use bytes::Bytes;
use jiff::Timestamp;
use rand::RngExt;
use wire::address::encoded;
use wire::{Error, Method};

/// A request before it has an address and a key. Not `Debug`: it holds what customers wrote.
#[derive(Clone)]
pub(crate) struct Call {
    pub(crate) method: Method,
    segments: Vec<String>,
    pub(crate) query: Vec<(&'static str, String)>,
    pub(crate) form: Vec<(&'static str, String)>,
}

impl Call {
    pub(crate) fn get<const N: usize>(segments: [&str; N]) -> Self {
        Self::new(Method::GET, segments)
    }

    /// A read of what is at a path of plain names.
    pub(crate) fn get_path(path: &str) -> Self {
        let segments = path.split('/').map(str::to_owned).collect();
        Self { segments, ..Self::get([]) }
    }

    pub(crate) fn post<const N: usize>(segments: [&str; N]) -> Self {
        Self::new(Method::POST, segments)
    }

    pub(crate) fn put<const N: usize>(segments: [&str; N]) -> Self {
        Self::new(Method::PUT, segments)
    }

    pub(crate) fn delete<const N: usize>(segments: [&str; N]) -> Self {
        Self::new(Method::DELETE, segments)
    }

    fn new<const N: usize>(method: Method, segments: [&str; N]) -> Self {
        let segments = segments.map(str::to_owned).into();
        Self { method, segments, query: Vec::new(), form: Vec::new() }
    }

    /// Adds a parameter to the query, if there is a value.
    pub(crate) fn with(mut self, key: &'static str, value: impl Param) -> Self {
        self.query.extend(value.param().map(|value| (key, value)));
        self
    }

    /// Adds a field to the form, if there is a value.
    pub(crate) fn field(mut self, key: &'static str, value: impl Param) -> Self {
        self.form.extend(value.param().map(|value| (key, value)));
        self
    }

    pub(crate) fn fields(mut self, fields: Vec<(&'static str, String)>) -> Self {
        self.form.extend(fields);
        self
    }

    /// The path below the base.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] for an identifier that would lead elsewhere: without one, `DELETE /tags/{id}` is another
    /// operation.
    pub(crate) fn path(&self) -> Result<String, Error> {
        let mut path = String::new();
        for segment in &self.segments {
            if matches!(segment.trim(), "" | "." | "..") {
                return Err(Error::invalid("identifier", "it is empty"));
            }
            path.push('/');
            path.push_str(&encoded(segment));
        }
        Ok(path)
    }

    pub(crate) fn is_read(&self) -> bool {
        self.method == Method::GET
    }

    /// The form with the key in it, as the documents show it for the method: its media type and its bytes.
    pub(crate) fn body(&self, key: (&'static str, &str)) -> (String, Bytes) {
        let fields =
            std::iter::once(key).chain(self.form.iter().map(|(name, value)| (*name, value.as_str())));
        if self.method == Method::POST { multipart(fields) } else { urlencoded(fields) }
    }
}

fn urlencoded<'a>(fields: impl Iterator<Item = (&'static str, &'a str)>) -> (String, Bytes) {
    let pairs: Vec<String> = fields.map(|(name, value)| format!("{name}={}", encoded(value))).collect();
    ("application/x-www-form-urlencoded".to_owned(), pairs.join("&").into())
}

fn multipart<'a>(fields: impl Iterator<Item = (&'static str, &'a str)>) -> (String, Bytes) {
    let boundary = format!("offhook-{:032x}", rand::rng().random::<u128>());
    let mut body = String::new();
    for (name, value) in fields {
        let head = "\r\nContent-Disposition: form-data; name=";
        for piece in ["--", &boundary, head, "\"", name, "\"\r\n\r\n", value, "\r\n"] {
            body.push_str(piece);
        }
    }
    body.push_str(&format!("--{boundary}--\r\n"));
    (format!("multipart/form-data; boundary={boundary}"), body.into())
}

/// A value that can be a parameter; `None` is not sent.
pub(crate) trait Param {
    fn param(&self) -> Option<String>;
}

impl Param for &str {
    fn param(&self) -> Option<String> {
        Some((*self).to_owned())
    }
}

impl Param for String {
    fn param(&self) -> Option<String> {
        Some(self.clone())
    }
}

impl Param for bool {
    fn param(&self) -> Option<String> {
        Some(if *self { "Y" } else { "N" }.to_owned())
    }
}

impl Param for i64 {
    fn param(&self) -> Option<String> {
        Some(self.to_string())
    }
}

impl Param for u32 {
    fn param(&self) -> Option<String> {
        Some(self.to_string())
    }
}

impl Param for Timestamp {
    fn param(&self) -> Option<String> {
        Some(self.to_string())
    }
}

impl<T: Param> Param for Option<T> {
    fn param(&self) -> Option<String> {
        self.as_ref().and_then(Param::param)
    }
}

/// Several values are one parameter with commas; none is not sent.
impl<T: Param> Param for Vec<T> {
    fn param(&self) -> Option<String> {
        let values: Vec<String> = self.iter().filter_map(Param::param).collect();
        (!values.is_empty()).then(|| values.join(","))
    }
}

impl<T: Param> Param for &T {
    fn param(&self) -> Option<String> {
        (*self).param()
    }
}

/// The parameters that have a value.
pub(crate) fn present<const N: usize>(
    pairs: [(&'static str, Option<String>); N],
) -> Vec<(&'static str, String)> {
    pairs.into_iter().filter_map(|(key, value)| Some((key, value?))).collect()
}

/// Declares what an operation takes beside identifiers: a struct whose fields are parameters.
macro_rules! params {
    (
        $(#[$doc:meta])*
        pub struct $name:ident {
            $( $(#[$field_doc:meta])* $field:ident: $type:ty = $key:literal, )*
        }
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq)]
        pub struct $name {
            $( $(#[$field_doc])* pub $field: $type, )*
        }

        impl $name {
            pub(crate) fn pairs(&self) -> Vec<(&'static str, String)> {
                crate::call::present([$( ($key, crate::call::Param::param(&self.$field)) ),*])
            }
        }
    };
}
pub(crate) use params;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_stays_one_segment_and_an_empty_one_is_refused() {
        let path = |id| Call::delete(["tags", id]).path();
        assert_eq!(path("a/b?c@d+e").unwrap(), "/tags/a%2Fb%3Fc%40d%2Be");
        for bad in ["", " ", ".", ".."] {
            assert!(matches!(path(bad), Err(Error::InvalidInput { .. })), "{bad:?}");
        }
    }

    #[test]
    fn a_form_is_multipart_for_post_and_urlencoded_otherwise() {
        let (media_type, body) = Call::put(["x"]).field("note", "a&b č").body(("apikey", "k+"));
        assert_eq!(media_type, "application/x-www-form-urlencoded");
        assert_eq!(&body[..], b"apikey=k%2B&note=a%26b%20%C4%8D");
        let (media_type, body) = Call::post(["x"]).field("note", "a\r\nb").body(("apikey", "k"));
        let boundary = media_type.strip_prefix("multipart/form-data; boundary=").unwrap();
        let expected = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"apikey\"\r\n\r\nk\r\n\
             --{boundary}\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\na\r\nb\r\n--{boundary}--\r\n"
        );
        assert_eq!(body, expected);
    }
}
