"""What writers share whose models are classes of their frameworks: a tool that fails for one member, and what a model says."""

QUESTIONS = ["Find the loans of m1 and nobody", "And that of m3?"]
REPLIES = [  # reasoning, text, and calls with id, tool and arguments
    ("Look them up.", "Both of them.", [("c1", "find_loan", {"member": "m1"}), ("c2", "find_loan", {"member": "nobody"})]),
    ("", "", [("c3", "find_loan", {"member": "m'2"})]),
    ("", "It is \"ln-5\".", []),
    ("Once more.", "", [("c4", "find_loan", {"member": "m3"})]),
    ("", "That is ln-5, too.", []),
]


def find_loan(member: str) -> str:
    """Find a loan."""
    if member == "nobody":
        raise ValueError("there is no nobody")
    return f"loan ln-5 of {member}"
