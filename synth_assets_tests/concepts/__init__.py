"""Tests of the concepts room."""
