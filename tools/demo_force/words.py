"""The demonstration's reasons, targets and skills. Which reasons count, and every target, is invented."""

SINCE = "2006-01-01"
ALL = "all"
OFFICERS = "sergeant;pc"

REASONS = (
    (
        "custody",
        "Custody cover",
        "custody",
        ALL,
        ALL,
        "Working in custody in any role. Not your own prisoner: booking them in is neighbourhood work.",
    ),
    (
        "response",
        "Response cover",
        "response",
        ALL,
        ALL,
        "Single-crewed or paired with response to answer calls outside the neighbourhood.",
    ),
    (
        "course",
        "Specialist course",
        "training",
        ALL,
        ALL,
        "A course for a skill used outside the team, such as driving, firearms or search.",
    ),
    (
        "training",
        "Mandatory training",
        "training",
        "",
        ALL,
        "First aid, personal safety, and neighbourhood policing modules. Not counted by the force.",
    ),
    ("aid", "Mutual aid to another force", "aid", ALL, ALL, "Sent to another force. One entry for each duty."),
    (
        "event",
        "Local aid or public order event",
        "aid",
        ALL,
        ALL,
        "Football, marches and festivals away from your own neighbourhood. Your own fete does not count.",
    ),
    ("scene_guard", "Scene guard", "support", ALL, ALL, "Guarding a scene that is not your team's own enquiry."),
    (
        "hospital_watch",
        "Constant watch at hospital",
        "support",
        ALL,
        ALL,
        "Watching a prisoner or patient in hospital.",
    ),
    ("court", "Court", "court", "", ALL, "Called as a witness. Not counted by the force: it follows your own work."),
    (
        "bcu_loan",
        "Loan to another BCU",
        "loan",
        "",
        "",
        "For elections and the like. The force has not yet decided whether this counts.",
    ),
    (
        "front_counter",
        "Front counter cover",
        "support",
        "pc;pcso",
        ALL,
        "Covering an enquiry office. Your own surgery does not count.",
    ),
    (
        "cid",
        "CID attachment",
        "investigation",
        OFFICERS,
        ALL,
        "Helping an enquiry team. If it lasts longer than four weeks ask for an attachment instead.",
    ),
    (
        "missing_person",
        "Missing person search",
        "support",
        OFFICERS,
        "",
        "Searching outside the neighbourhood. A search in it is neighbourhood work.",
    ),
)
"""Code, label, family, counts locally, counts nationally, guidance."""

TARGETS = (
    ("force", "", "all", "10.00", "Force-wide target"),
    ("force", "", "officers", "15.00", "Sergeants and PCs are asked for more often"),
    ("force", "", "pcsos", "6.00", "PCSO deployment strategy"),
    ("bcu", "CEN", "all", "9.00", "Agreed at the Central resources meeting"),
    ("team", "SOH", "all", "8.00", "While the sergeant covers two teams"),
)
"""Scope, code, grades, per cent, reason."""

TARGETS_SINCE = "2025-01-01"
TARGETS_SET_BY = "Force lead"

NINE_LANGUAGES = ("Polish", "Lithuanian", "Latvian", "Russian", "Czech", "Slovak", "Portuguese", "Arabic", "Kurdish")
"""One PCSO of the report's unit speaks nine."""

LANGUAGES = (
    ("PCE", "pcso", ("Urdu", "Punjabi", "Hindi")),
    ("PCE", "pcso", ("Polish", "Lithuanian")),
    ("PCE", "pc", ("Gujarati",)),
    ("PDO", "pcso", ("Farsi", "Kurdish")),
    ("PBR", "pcso", ("Portuguese", "Bengali")),
    ("PSE", "pc", ("Polish",)),
    ("WSN", "pcso", ("Lithuanian", "Russian")),
    ("WSN", "pc", ("Latvian",)),
    ("WSS", "pcso", ("Polish",)),
    ("HUN", "pcso", ("Urdu",)),
    ("CCC", "pcso", ("Mandarin", "Cantonese")),
    ("CNO", "pcso", ("Bengali",)),
    ("SOH", "pcso", ("Polish",)),
)
"""Team, grade, languages of one person: with the nine, 17 across the force."""

SPECIALIST = {
    "pc": (
        "Response driver",
        "Public order level 2",
        "Problem-solving tutor",
        "Cycle patrol",
        "Wildlife crime",
        "Taser",
    ),
    "pcso": ("Cycle patrol", "Schools liaison", "Crime prevention adviser", "Speed watch"),
    "sergeant": ("Custody sergeant", "Public order level 2", "Licensing"),
}
COMMUNITY = (
    "Traveller communities liaison",
    "Youth forum",
    "Farm watch",
    "Migrant workers' surgery",
    "Neighbourhood watch",
)

REQUIRED_SKILLS = {
    "PCE-PCSO-4": "Polish",
    "PSE-PCSO-1": "Urdu",
    "WSN-PCSO-2": "Lithuanian",
    "ELY-PCSO-1": "Lithuanian",
    "SOH-PCSO-2": "Polish",
}
"""What some posts ask for: one holder has it, some lack it, some posts are vacant."""

NEEDED_LANGUAGES = (
    ("PCE", ("Polish", "Lithuanian", "Urdu", "Punjabi", "Portuguese", "Kurdish", "Slovak", "Romanian")),
    ("PBR", ("Portuguese", "Polish", "Urdu")),
    ("PDO", ("Kurdish", "Farsi", "Polish")),
    ("PSE", ("Polish", "Lithuanian")),
    ("PSW", ("Urdu", "Punjabi", "Polish")),
    ("WSN", ("Lithuanian", "Latvian", "Russian", "Polish", "Bulgarian")),
    ("WSS", ("Polish", "Lithuanian")),
    ("MAR", ("Polish",)),
    ("HUN", ("Urdu", "Polish")),
    ("SNO", ("Polish",)),
    ("CCC", ("Mandarin", "Cantonese", "Bengali")),
    ("CNO", ("Bengali", "Polish")),
    ("CEA", ("Arabic", "Bengali")),
    ("SOH", ("Polish", "Lithuanian")),
    ("ELY", ("Polish", "Lithuanian")),
)
NEEDED_SINCE = "2024-04-01"
NEEDED_NOTE = "Demonstration, invented: a survey of schools and surgeries"
