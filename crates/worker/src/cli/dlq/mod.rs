//! `dateline dlq list|show|redrive`.

mod list;
mod queue;
mod redrive;
mod show;
mod source;

use super::args::operate::{DlqAction, DlqArgs};
use crate::config::Loaded;
use crate::exit::Exit;
use queue::Queue;

pub(super) fn run(args: &DlqArgs, loaded: &Loaded) -> anyhow::Result<Exit> {
    let queue = Queue::open(loaded)?;
    match &args.action {
        DlqAction::List { filter, limit } => list::run(&queue, filter, limit.unwrap_or(usize::MAX)),
        DlqAction::Show { filter, limit, full } => show::run(&queue, filter, *limit, *full, loaded),
        DlqAction::Redrive { filter, limit, dry_run, rate } => {
            let order = redrive::Order { limit: limit.unwrap_or(usize::MAX), rate: *rate };
            if *dry_run {
                redrive::rehearse(&queue, filter, &order)
            } else {
                redrive::run(&queue, filter, &order, loaded)
            }
        }
    }
}
