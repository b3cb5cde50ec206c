//! Offices: canonical roles and the titles printed for them.

use serde::Deserialize;
use toml::Spanned;

use crate::Error;
use crate::entry::Case;
use crate::source::{Origin, Source, Text, read_toml, with_origin};

/// Index of a [`Role`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RoleId(pub u16);

/// What sort of office a role is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoleClass {
    /// President, king, emir, pope...
    HeadOfState,
    /// Prime minister, chancellor.
    HeadOfGovernment,
    /// Any other member of a government.
    Minister,
    /// Envoy, ambassador, negotiator.
    Envoy,
    /// Speaker, member of a parliament.
    Legislator,
    /// Head of a party or of the opposition.
    PartyLeader,
    /// Clergy.
    Religious,
    /// Royal family below the throne.
    Royal,
    /// Speaks for another.
    Spokesperson,
    /// Officer or chief of armed forces.
    Military,
    /// Head or commissioner of an international body.
    International,
    /// Governor, mayor, premier of a province.
    Regional,
    /// Anything else.
    Other,
}

/// A canonical role: the closed list by which printed titles are compared.
#[derive(Debug)]
pub struct Role {
    /// The canonical name, such as `foreign minister`.
    pub name: Text,
    /// Its class.
    pub class: RoleClass,
    /// One person holds it at a time in one country or body.
    pub single: bool,
    /// Its bearer travels as a visitor that counts (an official does, a tourist does not).
    pub visitor: bool,
}

/// A title as printed.
#[derive(Debug)]
pub struct Title {
    /// The words as printed.
    pub words: Text,
    /// The role that it means.
    pub role: RoleId,
    /// Names several people: `foreign ministers`.
    pub plural: bool,
    /// The title names one country's office by itself (`taoiseach`): index of [`crate::Country`].
    pub country: Option<u32>,
    /// Its bearer is a man (`m`) or a woman (`f`): king, princess.
    pub gender: Option<Gender>,
    /// The word alone says too little: it counts only beside a country, a body or a name (`minister`, `leader`, `official`).
    pub needs_country: bool,
    pub(crate) case: Case,
}

/// Grammatical gender of the person: decides between he and she.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
pub enum Gender {
    /// He.
    #[serde(rename = "m")]
    Male,
    /// She.
    #[serde(rename = "f")]
    Female,
}

/// What a word before a title does to the role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Modifier {
    /// `former`, `ex`: no longer in office; canonical roles get `former ` in front.
    Former,
    /// `deputy`, `vice`, `assistant`: canonical roles get `deputy ` in front.
    Deputy,
    /// `acting`, `outgoing`, `newly elected`: says nothing about the role.
    Neutral,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct File {
    #[serde(default)]
    pub(crate) modifiers: std::collections::BTreeMap<String, Modifier>,
    #[serde(default)]
    pub(crate) role: Vec<Spanned<RawRole>>,
    #[serde(default)]
    pub(crate) title: Vec<Spanned<RawTitle>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawRole {
    pub(crate) name: String,
    pub(crate) class: RoleClass,
    #[serde(default)]
    pub(crate) single: bool,
    #[serde(default = "yes")]
    pub(crate) visitor: bool,
    /// Printed titles; the name itself is one where it is listed.
    #[serde(default)]
    pub(crate) titles: Vec<String>,
    /// Plural forms that are not made by an `s` at the end.
    #[serde(default)]
    pub(crate) plurals: Vec<String>,
    /// Titles that count only with a capital: `General`.
    #[serde(default)]
    pub(crate) capital: Vec<String>,
    /// Titles that say too little without a country.
    #[serde(default)]
    pub(crate) weak: Vec<String>,
    /// Titles in capitals only: `PM`.
    #[serde(default)]
    pub(crate) upper: Vec<String>,
    pub(crate) gender: Option<Gender>,
}

fn yes() -> bool {
    true
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawTitle {
    pub(crate) words: String,
    pub(crate) role: String,
    pub(crate) country: Option<String>,
    pub(crate) gender: Option<Gender>,
    #[serde(default)]
    pub(crate) plural: bool,
}

/// Modifiers, roles and titles of one file.
pub(crate) type Parts = (Vec<(String, Modifier)>, Vec<(Origin, RawRole)>, Vec<(Origin, RawTitle)>);

pub(crate) fn read(source: &Source) -> Result<Parts, Error> {
    let file: File = read_toml(source)?;
    let roles = with_origin(source, file.role).collect();
    let titles = with_origin(source, file.title).collect();
    Ok((file.modifiers.into_iter().collect(), roles, titles))
}

/// `foreign minister` -> `foreign ministers`; None where the last word has no plural in `s`.
pub(crate) fn plural_of(title: &str) -> Option<String> {
    if title.contains(" of ") || title.contains(" for ") || title.contains(" to ") || title.ends_with('s') {
        return None;
    }
    if let Some(stem) = title.strip_suffix("man") {
        return Some(format!("{stem}men"));
    }
    if let Some(stem) = title.strip_suffix('y') {
        return Some(if stem.ends_with(['a', 'e', 'o']) { format!("{title}s") } else { format!("{stem}ies") });
    }
    Some(format!("{title}s"))
}
