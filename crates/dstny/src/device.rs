//! Group "User Device Information": the telephones and programs of a user. Their identifiers are what call control
//! takes. Changes come live, see [`crate::Subscription::devices`].

use jiff::Timestamp;

use crate::Error;
use crate::call_state::{Registration, Webhook};
use crate::client::{Call, Client};
use crate::loose::{Loose, object, words};

words! {
    /// What kind of device.
    pub enum DeviceType {
        /// A mobile.
        Mobile = "MOBILE",
        /// A tablet.
        Tablet = "TABLET",
        /// A program on a computer.
        Softphone = "SOFTPHONE",
        /// A telephone on a desk.
        Deskphone = "DESKPHONE",
        /// An extension of another telephone system.
        Pbx = "PBX",
        /// A cordless telephone.
        Dect = "DECT",
        /// Somebody else's telephone or program.
        ThirdParty = "THIRD_PARTY",
        /// A page in a browser.
        WebSoftphone = "WEB_SOFTPHONE",
        /// Microsoft Teams.
        Teams = "TEAMS",
    }
}

words! {
    /// Whether a device can be reached.
    pub enum DeviceStatus {
        /// It can.
        Active = "ACTIVE",
        /// It cannot.
        Inactive = "INACTIVE",
    }
}

words! {
    /// Which picture a device has.
    pub enum DeviceIcon {
        /// That of its kind.
        Default = "DEFAULT",
        /// Another one.
        Type1 = "TYPE_1",
        /// Yet another one.
        Type2 = "TYPE_2",
    }
}

object! {
    /// A device of the user.
    pub struct Device {
        /// Its identifier.
        device_id: Option<String> = "deviceId",
        /// What kind.
        device_type: Option<DeviceType> = "deviceType",
        /// What the user calls it.
        device_name: Option<String> = "deviceName",
        /// Its picture.
        device_icon: Option<DeviceIcon> = "deviceIcon",
        /// What its kind is called.
        device_type_name: Option<String> = "deviceTypeName",
        /// Whether it can be reached.
        device_status: Option<DeviceStatus> = "deviceStatus",
        /// Whether it can be locked out.
        revocable: Option<bool> = "revocable",
        /// Whether there is more to know about it.
        has_attributes: Option<bool> = "hasAttributes",
    }
}

object! {
    /// One more thing to know about a device.
    pub struct DeviceAttribute {
        /// What.
        name: Option<String> = "name",
        /// That.
        value: Option<String> = "value",
    }
}

object! {
    /// News about the user's configuration or devices: that something has changed, and mostly not to what.
    pub struct AppConfigChange {
        /// When.
        time_stamp: Option<Timestamp> = "timeStamp",
        /// What: `DEVICE_INFO` …
        changed_field: Option<String> = "changedField",
    }
}

impl Client {
    /// All devices of the user, or all of one kind.
    ///
    /// # Errors
    /// As every request.
    pub async fn devices(&self, kind: Option<&DeviceType>) -> Result<Vec<Device>, Error> {
        self.list(Call::of("device.list").maybe("type", kind), "devices").await
    }

    /// The devices that are not known to be out of reach, in short.
    ///
    /// # Errors
    /// As every request.
    pub async fn active_devices(&self) -> Result<Vec<Device>, Error> {
        self.list(Call::of("device.shortlist"), "devices").await
    }

    /// Everything about a device.
    ///
    /// # Errors
    /// As every request.
    pub async fn device_details(&self, device_id: &str) -> Result<Vec<DeviceAttribute>, Error> {
        self.list(Call::of("device.details").at("deviceId", device_id), "attributes").await
    }

    /// The name of a device's picture.
    ///
    /// # Errors
    /// As every request.
    pub async fn device_icon(&self, device_id: &str) -> Result<String, Error> {
        self.one(Call::of("device.icon.get").at("deviceId", device_id).with("fallback", true)).await
    }

    /// Gives a device another picture.
    ///
    /// # Errors
    /// As every request.
    pub async fn set_device_icon(&self, device_id: &str, icon: &DeviceIcon) -> Result<(), Error> {
        self.done(Call::of("device.icon.set").at("deviceId", device_id).with("name", icon)).await
    }

    /// What a device is called.
    ///
    /// # Errors
    /// As every request.
    pub async fn device_name(&self, device_id: &str) -> Result<String, Error> {
        self.one(Call::of("device.name.get").at("deviceId", device_id).with("fallback", true)).await
    }

    /// Gives a device another name, of at most 32 characters.
    ///
    /// # Errors
    /// As every request.
    pub async fn set_device_name(&self, device_id: &str, name: &str) -> Result<(), Error> {
        self.done(Call::of("device.name.set").at("deviceId", device_id).with("name", name)).await
    }

    /// Registers a webhook that is told when the user's devices change.
    ///
    /// # Errors
    /// As every request.
    pub async fn device_webhook_register(&self, webhook: &Webhook) -> Result<Registration, Error> {
        self.one(Call::of("device.webhook").json(&webhook.write())).await
    }

    /// Unregisters that.
    ///
    /// # Errors
    /// As every request.
    pub async fn device_webhook_unregister(&self, target_id: &str) -> Result<(), Error> {
        self.done(Call::of("device.webhook.delete").at("targetId", target_id)).await
    }
}
