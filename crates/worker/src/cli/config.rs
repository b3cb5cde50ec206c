//! `dateline config check|show`.

use super::args::{ConfigAction, ConfigArgs};
use crate::config::{ConfigError, Loaded};
use crate::exit::Exit;
use crate::output;

pub(super) fn run(args: &ConfigArgs, settings: impl Fn() -> Result<Loaded, ConfigError>) -> anyhow::Result<Exit> {
    match settings() {
        Err(e) => {
            output::message(e);
            Ok(Exit::Failed)
        }
        Ok(loaded) => {
            match args.action {
                ConfigAction::Show => output::print(&loaded.show())?,
                ConfigAction::Check => {
                    output::message(format!(
                        "configuration: no error; {} values set, the rest by default",
                        loaded.given()
                    ));
                }
            }
            Ok(Exit::Done)
        }
    }
}
