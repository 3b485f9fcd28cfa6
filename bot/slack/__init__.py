"""Slack: everything that knows slack_bolt and slack_sdk."""
