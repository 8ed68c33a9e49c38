"""Bytes in, validated records out."""
