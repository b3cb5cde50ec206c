//! The environment as a layer of configuration: `DATELINE_KAFKA__BROKERS` is `kafka.brokers`.

use toml::Value;

use super::leaves::{Leaves, PROPERTIES};

const PREFIX: &str = "DATELINE_";

/// The key that a variable sets; `None` where the variable is none of ours.
///
/// `__` is the dot between sections. In a librdkafka property `_` is a dot too
/// (`DATELINE_KAFKA__PROPERTIES__SASL_PASSWORD`).
pub(super) fn key_of(variable: &str) -> Option<String> {
    let name = variable.strip_prefix(PREFIX)?;
    let reserved = name == "CONFIG" || name.starts_with("TEST_") || is_service_link(name);
    if reserved {
        return None;
    }
    let key = name.to_ascii_lowercase().replace("__", ".");
    Some(match key.strip_prefix(PROPERTIES) {
        Some(property) => format!("{PROPERTIES}{}", property.replace('_', ".")),
        None => key,
    })
}

/// Kubernetes puts the address of every service into the environment: a service called `dateline` makes
/// `DATELINE_SERVICE_HOST`, `DATELINE_PORT`, `DATELINE_PORT_9100_TCP_ADDR`.
fn is_service_link(name: &str) -> bool {
    let has = |part: &str| name == part || name.contains(&format!("_{part}")) || name.starts_with(part);
    let port = name == "PORT" || name.ends_with("_PORT") || name.contains("_TCP") || name.contains("_UDP");
    has("SERVICE_HOST") || has("SERVICE_PORT") || port
}

/// A variable's text as the type that the default has; what does not fit stays text and is refused later, by name.
pub(super) fn typed(key: &str, text: &str, defaults: &Leaves) -> Value {
    let parsed = match defaults.get(key) {
        Some(Value::Integer(_)) => text.trim().parse().ok().map(Value::Integer),
        Some(Value::Float(_)) => text.trim().parse().ok().map(Value::Float),
        Some(Value::Boolean(_)) => text.trim().parse().ok().map(Value::Boolean),
        Some(Value::Array(_)) => {
            let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
            Some(Value::Array(items.map(|item| Value::String(item.to_owned())).collect()))
        }
        _ => None,
    };
    parsed.unwrap_or_else(|| Value::String(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::key_of;

    #[test]
    fn variables_name_keys_and_others_are_left_alone() {
        let cases = [
            ("DATELINE_RECEIPTS", Some("receipts")),
            ("DATELINE_KAFKA__BROKERS", Some("kafka.brokers")),
            ("DATELINE_KAFKA__STARTUP_TIMEOUT", Some("kafka.startup_timeout")),
            ("DATELINE_KAFKA__PROPERTIES__SASL_PASSWORD", Some("kafka.properties.sasl.password")),
            ("DATELINE_CONFIG", None),
            ("DATELINE_TEST_BROKERS", None),
            ("DATELINE_SERVICE_HOST", None),
            ("DATELINE_ADMIN_SERVICE_PORT_HTTP", None),
            ("DATELINE_PORT", None),
            ("DATELINE_PORT_9100_TCP_ADDR", None),
            ("PATH", None),
        ];
        for (variable, key) in cases {
            assert_eq!(key_of(variable).as_deref(), key, "{variable}");
        }
    }
}
