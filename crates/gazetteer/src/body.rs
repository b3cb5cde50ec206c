//! Organisations and recurring events.

use serde::Deserialize;
use toml::Spanned;

use crate::source::{Origin, Source, Text, read_toml, with_origin};
use crate::{Day, Error};

/// An international organisation, alliance, movement or group of states.
#[derive(Debug)]
pub struct Organisation {
    /// Own id: its short name (`NATO`).
    pub id: Text,
    /// Full name.
    pub name: Text,
    /// Other names.
    pub aliases: Vec<Text>,
    /// Short forms that count in capitals only (`WHO`).
    pub upper: Vec<Text>,
    /// A code that stands for it as a country does: `EU`, `UN`. Index of [`crate::Country`].
    pub as_country: Option<u32>,
    /// Country on whose ground it sits: index of [`crate::Country`]; the United Nations' is the United States.
    pub country: Option<u32>,
    /// City of its seat: index of [`crate::City`].
    pub city: Option<u32>,
    /// What it is.
    pub class: OrganisationClass,
}

/// What sort of body an organisation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrganisationClass {
    /// States are its members and it has a seat and staff: UN, NATO, IMF.
    International,
    /// States that meet without a seat: G7, BRICS, Quad.
    Group,
    /// Party, movement or armed group: PLO, Hamas, IRA.
    Movement,
    /// Part of a national government or parliament: Congress, Knesset, CIA.
    National,
    /// Non-governmental: Red Cross, Amnesty.
    Civil,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct OrganisationFile {
    #[serde(default)]
    organisation: Vec<Spanned<RawOrganisation>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawOrganisation {
    pub(crate) id: String,
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) aliases: Vec<String>,
    #[serde(default)]
    pub(crate) upper: Vec<String>,
    pub(crate) as_country: Option<String>,
    pub(crate) country: Option<String>,
    pub(crate) city: Option<String>,
    pub(crate) class: OrganisationClass,
}

pub(crate) fn read_organisations(source: &Source) -> Result<impl Iterator<Item = (Origin, RawOrganisation)>, Error> {
    Ok(with_origin(source, read_toml::<OrganisationFile>(source)?.organisation))
}

/// An event that comes back: a summit series, a forum, a national day.
#[derive(Debug)]
pub struct Event {
    /// Own id.
    pub id: Text,
    /// Name as printed.
    pub name: Text,
    /// Other printed names.
    pub aliases: Vec<Text>,
    /// What it is.
    pub class: EventClass,
    /// Index of [`Organisation`] that holds it.
    pub organisation: Option<u32>,
    /// Place of every edition that has none of its own: index of [`crate::Country`].
    pub country: Option<u32>,
    /// City of the same: index of [`crate::City`].
    pub city: Option<u32>,
    /// Month and day on which it falls each year.
    pub yearly: Option<(u8, u8)>,
    /// Editions with own place and days, by time.
    pub editions: Vec<Edition>,
}

/// What sort of event it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventClass {
    /// Leaders meet: a journey to it is of kind `summit`.
    Summit,
    /// A forum or conference of many states or of ministers.
    Conference,
    /// A session of a standing body.
    Assembly,
    /// A national day, parade or feast.
    Ceremony,
}

/// One edition of a recurring event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edition {
    /// First day.
    pub from: Day,
    /// Last day.
    pub to: Day,
    /// Index of [`crate::Country`].
    pub country: Option<u32>,
    /// Index of [`crate::City`].
    pub city: Option<u32>,
    /// Place as printed, also where it is no city of the table (`Kananaskis`).
    pub place: Text,
}

impl Event {
    /// The edition that a text of `day` means by "the summit": the one under way, else the nearest within 200 days, the coming one
    /// before the past one where both are as near. `future` true or false admits only what ends on or after, or begins on or before, `day`.
    pub fn edition_near(&self, day: Day, future: Option<bool>) -> Option<Edition> {
        let distance = |e: &Edition| {
            if e.from <= day && day <= e.to {
                0
            } else if day < e.from {
                (e.from.rough_number() - day.rough_number()) * 2 - 1
            } else {
                (day.rough_number() - e.to.rough_number()) * 2
            }
        };
        let years = [day.year().saturating_sub(1), day.year(), day.year() + 1];
        let fixed = years.into_iter().filter_map(|y| self.yearly_edition(y));
        self.editions
            .iter()
            .cloned()
            .chain(fixed)
            .filter(|e| match future {
                Some(true) => e.to >= day,
                Some(false) => e.from <= day,
                None => true,
            })
            .filter(|e| distance(e) <= 400)
            .min_by_key(distance)
    }

    /// The editions of `year`.
    pub fn editions_in(&self, year: u16) -> Vec<Edition> {
        let listed = self.editions.iter().filter(|e| e.from.year() == year).cloned();
        listed.chain(self.yearly_edition(year)).collect()
    }

    fn yearly_edition(&self, year: u16) -> Option<Edition> {
        let (month, day) = self.yearly?;
        let day = Day::new(year, month, day);
        Some(Edition { from: day, to: day, country: self.country, city: self.city, place: Text::default() })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EventFile {
    #[serde(default)]
    event: Vec<Spanned<RawEvent>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawEvent {
    pub(crate) id: String,
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) aliases: Vec<String>,
    pub(crate) class: EventClass,
    pub(crate) organisation: Option<String>,
    pub(crate) country: Option<String>,
    pub(crate) city: Option<String>,
    pub(crate) yearly: Option<String>,
    #[serde(default)]
    pub(crate) editions: Vec<String>,
}

impl RawEvent {
    pub(crate) fn yearly(&self, origin: &Origin) -> Result<Option<(u8, u8)>, Error> {
        let Some(text) = &self.yearly else { return Ok(None) };
        let read = || {
            let (month, day) = text.split_once('-')?;
            let (month, day) = (month.parse().ok()?, day.parse().ok()?);
            ((1..=12).contains(&month) && (1..=31).contains(&day)).then_some((month, day))
        };
        read().map(Some).ok_or_else(|| origin.error(&self.id, format!("yearly `{text}`: expected MM-DD")))
    }
}

/// Reads `2025-06-15..2025-06-17 CA Kananaskis`; one day may stand alone, country and city may be left out.
/// Returns days, country code and place.
pub(crate) fn read_edition<'a>(
    text: &'a str,
    entry: &str,
    origin: &Origin,
) -> Result<(Day, Day, &'a str, &'a str), Error> {
    let fault = || origin.error(entry, format!("edition `{text}`: expected `FROM..TO CODE City`"));
    let (days, place) = text.split_once(' ').unwrap_or((text, ""));
    let (from, to) = days.split_once("..").unwrap_or((days, days));
    let from = Day::parse_first(from).ok_or_else(fault)?;
    let to = Day::parse_last(to).ok_or_else(fault)?;
    let (code, city) = place.split_once(' ').unwrap_or((place, ""));
    if to < from {
        return Err(fault());
    }
    Ok((from, to, code, city))
}

pub(crate) fn read_events(source: &Source) -> Result<impl Iterator<Item = (Origin, RawEvent)>, Error> {
    Ok(with_origin(source, read_toml::<EventFile>(source)?.event))
}
