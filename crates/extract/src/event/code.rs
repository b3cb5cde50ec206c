//! What PLOVER and CAMEO call an event, by type, subtype and where it stands.

use dateline_model::{EventStatus, EventType, Plover};

/// PLOVER event and mode, and the CAMEO code, of an event of a type. What is only intended is an agreement to it.
pub(super) fn codes(t: EventType, status: EventStatus) -> (Plover, &'static str) {
    let ahead = matches!(status, EventStatus::Planned | EventStatus::Expected | EventStatus::Rumored);
    let (event, mode, cameo) = match t {
        EventType::Talks | EventType::Summit if ahead => ("AGREE", Some("meet"), "036"),
        EventType::Talks | EventType::Summit => ("CONSULT", Some("multilateral"), "046"),
        EventType::PhoneCall => ("CONSULT", Some("phone"), "041"),
        EventType::Ceremony => ("CONSULT", Some("visit"), "043"),
        EventType::Signing => ("AGREE", None, "057"),
        EventType::Statement => ("CONSULT", None, "010"),
        EventType::MilitaryExercise => ("MOBILIZE", Some("troops"), "152"),
        EventType::Deployment => ("MOBILIZE", Some("troops"), "154"),
        EventType::Attack => ("ASSAULT", None, "190"),
        EventType::Protest => ("PROTEST", None, "141"),
        EventType::Sanction => ("SANCTION", None, "163"),
        EventType::Aid => ("AID", None, "070"),
        EventType::Project => ("COOPERATE", Some("economic"), "061"),
        EventType::Ceasefire => ("RETREAT", Some("ceasefire"), "0871"),
    };
    (Plover { event: event.to_owned(), mode: mode.map(str::to_owned) }, cameo)
}
