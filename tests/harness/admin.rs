//! What an operator, or an accident, does to topics and groups. Everything here panics on failure.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::{Duration, Instant};

use dateline_kafka::topics::{self, Outcome, TopicSpec};
use rdkafka::admin::{AdminClient, AdminOptions, AlterConfig, NewPartitions, ResourceSpecifier};
use rdkafka::client::DefaultClientContext;
use rdkafka::config::ClientConfig;
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};

use crate::Client;

/// A future of the admin client, driven by hand.
fn now<T>(what: &str, future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    let end = Instant::now() + Duration::from_secs(60);
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
        assert!(Instant::now() < end, "not in time: {what}");
        thread::sleep(Duration::from_millis(10));
    }
}

impl Client {
    fn admin(&self) -> AdminClient<DefaultClientContext> {
        ClientConfig::new().set("bootstrap.servers", self.brokers()).create().expect("an admin client")
    }

    /// Deletes the records of a partition below an offset (-1: all).
    pub fn delete_records(&self, topic: &str, partition: i32, before: i64) {
        let mut cut = TopicPartitionList::new();
        let offset = if before < 0 { Offset::End } else { Offset::Offset(before) };
        cut.add_partition_offset(topic, partition, offset).expect("an offset");
        let cut = now("delete records", self.admin().delete_records(&cut, &AdminOptions::new())).expect("an answer");
        for partition in cut.elements() {
            partition.error().expect("records are deleted");
        }
    }

    /// Cuts the beginning off a partition of a compacted topic: brokers refuse that, unless the topic is for a while no compacted
    /// one.
    pub fn cut_compacted(&self, topic: &str, partition: i32, before: i64) {
        self.set_policy(topic, "compact,delete");
        self.delete_records(topic, partition, before);
        self.set_policy(topic, "compact");
    }

    fn set_policy(&self, topic: &str, policy: &str) {
        let change = AlterConfig::new(ResourceSpecifier::Topic(topic)).set("cleanup.policy", policy);
        for result in
            now("alter configs", self.admin().alter_configs([&change], &AdminOptions::new())).expect("an answer")
        {
            result.expect("the policy is set");
        }
        // It goes round among the brokers.
        thread::sleep(Duration::from_millis(500));
    }

    /// Deletes a topic.
    pub fn delete_topic(&self, topic: &str) {
        for result in
            now("delete topic", self.admin().delete_topics(&[topic], &AdminOptions::new())).expect("an answer")
        {
            result.expect("the topic is deleted");
        }
    }

    /// Deletes a topic and makes it again, empty.
    pub fn recreate(&self, spec: &TopicSpec) {
        self.delete_topic(&spec.name);
        let end = Instant::now() + Duration::from_secs(60);
        // The name is free only when the deletion has gone round.
        let made = || topics::create(self.brokers(), &BTreeMap::new(), std::slice::from_ref(spec));
        while !made().is_ok_and(|outcomes| outcomes == [Outcome::Created]) {
            assert!(Instant::now() < end, "{} is not made anew", spec.name);
            thread::sleep(Duration::from_millis(100));
        }
    }

    /// Deletes a consumer group with its offsets; it must have no members.
    pub fn delete_group(&self, group: &str) {
        for result in
            now("delete group", self.admin().delete_groups(&[group], &AdminOptions::new())).expect("an answer")
        {
            result.expect("the group is deleted");
        }
    }

    /// Gives a topic more partitions.
    pub fn grow(&self, topic: &str, partitions: usize) {
        let new = NewPartitions::new(topic, partitions);
        for result in
            now("create partitions", self.admin().create_partitions(&[new], &AdminOptions::new())).expect("an answer")
        {
            result.expect("the topic grows");
        }
    }
}
