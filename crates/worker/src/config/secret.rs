//! Which values are secrets.

/// What is printed in a secret's place.
pub(super) const MASK: &str = "\"********\"";

/// Parts of property names that mark a secret; a location of a file is none.
const MARKS: [&str; 8] =
    ["password", "secret", "token", "credential", "private", ".pem", "ssl.key", "oauthbearer.config"];

/// True when the value of this key must not be printed.
pub(super) fn is_secret(key: &str) -> bool {
    let Some(property) = key.strip_prefix("kafka.properties.") else { return false };
    !property.ends_with(".location") && MARKS.iter().any(|m| property.to_ascii_lowercase().contains(m))
}

/// The value as TOML, masked where it is a secret.
pub(super) fn shown(key: &str, value: &toml::Value) -> String {
    if is_secret(key) { MASK.to_owned() } else { value.to_string() }
}

#[cfg(test)]
mod tests {
    use super::is_secret;

    #[test]
    fn passwords_and_keys_are_secrets_and_their_locations_are_not() {
        let secret = ["sasl.password", "ssl.key.password", "ssl.key.pem", "sasl.oauthbearer.client.secret"];
        let open = ["sasl.username", "ssl.key.location", "ssl.ca.location", "security.protocol"];
        assert!(secret.iter().all(|p| is_secret(&format!("kafka.properties.{p}"))));
        assert!(!open.iter().any(|p| is_secret(&format!("kafka.properties.{p}"))));
    }
}
