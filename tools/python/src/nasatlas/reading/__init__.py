"""Reads atlas files in process: frames, columns, settings, and the answers that come of them."""
