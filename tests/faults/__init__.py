"""What happens to inquiries when processes, disks and servers fail. Real processes, no doubles."""
