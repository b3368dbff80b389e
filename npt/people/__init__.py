"""Who is who and where: BCUs, sectors, teams, wards, people, posts, postings, cover, skills. Tables and reads."""
