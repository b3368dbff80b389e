-- The lines of the teams' table of the BCU month, each with its rate of the month before: one statement, written by
-- hand, which the page is measured against (RULES sections 2 to 5 and 7, the force's own definition).
-- Parameters: bcu (id), before and month (the first instants of both months), closes (the end of the month asked for,
-- or now when that is earlier), shown (the day that staffing is shown for) and shown_ends (the first instant after it).
-- Left out, as no generated force has it: a supervisor's team in another BCU, and specials counted as staff.
WITH window_of (month, opens, closes) AS (
    VALUES ('before', %(before)s::timestamptz, %(month)s::timestamptz), ('month', %(month)s, %(closes)s)
),
team AS (
    SELECT teams.id, teams.code,
        teams.first_day <= %(shown)s AND (teams.last_day IS NULL OR teams.last_day >= %(shown)s) AS live
    FROM teams JOIN sectors ON sectors.id = teams.sector_id WHERE sectors.bcu_id = %(bcu)s
),
-- Everybody who ever held a post of these teams or covers one, with every posting of theirs, also elsewhere.
who AS MATERIALIZED (
    SELECT postings.person_id
    FROM postings JOIN posts ON posts.id = postings.post_id JOIN team ON team.id = posts.team_id
    UNION
    SELECT covers.person_id FROM covers JOIN team ON team.id = covers.team_id
    WHERE covers.first_day <= %(shown)s AND (covers.last_day IS NULL OR covers.last_day >= %(shown)s)
),
held AS MATERIALIZED (
    SELECT f.person_id, f.post_id, f.kind, f.first_day, f.last_day, posts.team_id, posts.grade,
        -- Whether anything ever suspends a substantive posting of theirs: so seldom that only then it is looked into.
        bool_or(f.kind IN ('acting', 'temporary')) OVER (PARTITION BY f.person_id) AS acts,
        row_number() OVER (
            PARTITION BY f.person_id
            ORDER BY postings.first_day DESC, array_position(ARRAY['attachment', 'acting', 'temporary', 'substantive'],
                f.kind::text), CASE WHEN f.kind = 'attachment' THEN 0 ELSE f.fte END DESC, posts.ref
        ) AS rank
    FROM postings_in_force f
    JOIN who ON who.person_id = f.person_id
    JOIN postings ON postings.id = f.id
    JOIN posts ON posts.id = f.post_id
),
duty AS (
    SELECT d.id, d.person_id, d.duty_date,
        tstzrange(greatest(d.starts_at, max(d.ends_at) OVER earlier), d.ends_at) AS owned
    FROM duties d JOIN who ON who.person_id = d.person_id
    WHERE d.status <> 'cancelled' AND d.ends_at > %(before)s AND d.starts_at < %(closes)s
    WINDOW earlier AS (
        PARTITION BY d.person_id ORDER BY d.starts_at, d.ref ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    )
),
away AS (
    SELECT a.person_id, range_agg(tstzrange(a.starts_at, a.ends_at)) AS away
    FROM absences a JOIN who ON who.person_id = a.person_id
    WHERE a.cancelled_at IS NULL AND (a.ends_at IS NULL OR a.ends_at > %(before)s) AND a.starts_at < %(closes)s
    GROUP BY a.person_id
),
placed AS (
    SELECT DISTINCT ON (duty.id) duty.id, duty.person_id, duty.duty_date, duty.owned, held.team_id, held.grade
    FROM duty JOIN held ON held.person_id = duty.person_id
    WHERE duty.duty_date BETWEEN held.first_day AND held.last_day
        AND (held.kind <> 'substantive' OR NOT held.acts OR NOT EXISTS (
            SELECT 1 FROM held s WHERE s.person_id = duty.person_id AND s.kind IN ('acting', 'temporary')
                AND duty.duty_date BETWEEN s.first_day AND s.last_day
        ))
    ORDER BY duty.id, held.rank
),
available AS MATERIALIZED (
    SELECT window_of.month, placed.person_id, placed.duty_date, team.code, placed.grade,
        tstzmultirange(placed.owned * tstzrange(window_of.opens, window_of.closes))
            - coalesce(away.away, tstzmultirange()) AS free
    FROM placed
    JOIN team ON team.id = placed.team_id
    JOIN window_of ON placed.owned && tstzrange(window_of.opens, window_of.closes)
    LEFT JOIN away ON away.person_id = placed.person_id
    WHERE placed.grade IN ('sergeant', 'pc', 'pcso')
),
worked AS (
    SELECT available.month, available.code, sum(upper(piece) - lower(piece)) AS length
    FROM available, unnest(available.free) AS piece GROUP BY available.month, available.code
),
gone AS MATERIALIZED (
    SELECT a.person_id, a.reason, tstzrange(a.starts_at, coalesce(a.ends_at, %(closes)s)) AS gone
    FROM abstractions a JOIN who ON who.person_id = a.person_id
    WHERE a.cancelled_at IS NULL AND a.starts_at < %(closes)s AND (a.ends_at IS NULL OR a.ends_at > %(before)s)
),
lost AS MATERIALIZED (
    SELECT available.month, available.code, available.duty_date, available.grade, gone.reason,
        available.free * tstzmultirange(gone.gone) AS lost
    FROM available JOIN gone ON gone.person_id = available.person_id AND available.free && gone.gone
),
taken AS (
    SELECT lost.month, lost.code, sum(upper(piece) - lower(piece)) AS length
    FROM lost
    JOIN reasons r ON r.code = lost.reason AND r.first_day <= lost.duty_date
        AND (r.last_day IS NULL OR r.last_day >= lost.duty_date)
        AND lost.grade::text = ANY (string_to_array(r.counts_local, ';'))
        AND NOT EXISTS (
            SELECT 1 FROM reasons later WHERE later.code = r.code AND later.first_day > r.first_day
                AND later.first_day <= lost.duty_date AND (later.last_day IS NULL OR later.last_day >= lost.duty_date)
        ),
        unnest(lost.lost) AS piece
    GROUP BY lost.month, lost.code
),
-- What each posting of these teams fills: never an attachment, and a substantive one not while it is suspended.
fills AS MATERIALIZED (
    SELECT held.person_id, held.post_id, held.team_id, held.grade,
        datemultirange(daterange(held.first_day, held.last_day, '[]')) - CASE
            WHEN held.kind = 'substantive' AND held.acts THEN coalesce((
                SELECT range_agg(daterange(s.first_day, s.last_day, '[]')) FROM held s
                WHERE s.person_id = held.person_id AND s.kind IN ('acting', 'temporary') AND s.first_day <= s.last_day
            ), datemultirange())
            ELSE datemultirange()
        END AS days
    FROM held JOIN team ON team.id = held.team_id
    WHERE held.kind <> 'attachment' AND held.first_day <= held.last_day
),
post AS (
    SELECT posts.id, posts.team_id,
        bool_or(fills.days @> %(shown)s::date) IS TRUE AS filled,
        %(shown)s::date - greatest(
            posts.first_day, max(upper(fills.days * datemultirange(daterange(NULL, %(shown)s, '[)'))))
        ) AS vacant_for
    FROM posts
    JOIN team ON team.id = posts.team_id AND team.live
    LEFT JOIN fills ON fills.post_id = posts.id
    WHERE posts.first_day <= %(shown)s AND (posts.last_day IS NULL OR posts.last_day >= %(shown)s)
    GROUP BY posts.id, posts.team_id, posts.first_day
),
manned AS (
    SELECT post.team_id, count(*) AS establishment, count(*) FILTER (WHERE NOT post.filled) AS vacancies,
        max(post.vacant_for) FILTER (WHERE NOT post.filled) AS oldest_days
    FROM post GROUP BY post.team_id
),
strength AS (
    SELECT fills.team_id, count(DISTINCT fills.person_id) AS strength
    FROM fills WHERE fills.days @> %(shown)s::date GROUP BY fills.team_id
),
present AS MATERIALIZED (
    SELECT DISTINCT ON (held.person_id) held.person_id, held.team_id, held.grade, held.kind
    FROM held
    WHERE %(shown)s::date BETWEEN held.first_day AND held.last_day
        AND (held.kind <> 'substantive' OR NOT held.acts OR NOT EXISTS (
            SELECT 1 FROM held s WHERE s.person_id = held.person_id AND s.kind IN ('acting', 'temporary')
                AND %(shown)s::date BETWEEN s.first_day AND s.last_day
        ))
    ORDER BY held.person_id, held.rank
),
staff AS (
    SELECT present.team_id, count(*) AS staff
    FROM present WHERE present.grade IN ('pc', 'pcso') GROUP BY present.team_id
),
supervises AS MATERIALIZED (
    SELECT fills.person_id, fills.team_id
    FROM fills JOIN present USING (person_id)
    WHERE fills.grade = 'sergeant' AND fills.days @> %(shown)s::date
        AND present.grade = 'sergeant' AND present.kind <> 'attachment'
    UNION
    SELECT covers.person_id, covers.team_id
    FROM covers JOIN team ON team.id = covers.team_id JOIN present ON present.person_id = covers.person_id
    WHERE present.grade = 'sergeant'
        AND covers.first_day <= %(shown)s AND (covers.last_day IS NULL OR covers.last_day >= %(shown)s)
),
spans AS (
    SELECT supervises.person_id, sum(coalesce(staff.staff, 0)::numeric / shared.supervisors) AS span
    FROM supervises
    JOIN team ON team.id = supervises.team_id AND team.live
    JOIN (SELECT team_id, count(*) AS supervisors FROM supervises GROUP BY team_id) shared USING (team_id)
    LEFT JOIN staff USING (team_id)
    GROUP BY supervises.person_id
),
overseen AS (
    SELECT supervises.team_id, max(spans.span) AS span FROM supervises JOIN spans USING (person_id)
    GROUP BY supervises.team_id
),
flagged AS (
    SELECT flags.team_id, count(*) AS flags FROM flags
    WHERE flags.opened_on <= %(shown)s AND (flags.closed_on IS NULL OR flags.closed_on > %(shown)s)
    GROUP BY flags.team_id
),
asked AS (
    SELECT DISTINCT ON (priorities.id) priorities.id, served.team_id
    FROM priorities
    JOIN panels ON panels.id = priorities.panel_id
    JOIN panel_teams served ON served.panel_id = panels.id
    JOIN team ON team.id = served.team_id AND team.live
    JOIN meetings ON meetings.id = priorities.adopted_at_id AND meetings.starts_at < %(shown_ends)s
    LEFT JOIN plans ON plans.id = priorities.plan_id
    WHERE coalesce((
        SELECT steps.kind = 'reopened' FROM priority_events steps
        WHERE steps.priority_id = priorities.id AND steps.kind IN ('signed_off', 'withdrawn', 'reopened')
            AND steps.at < %(shown_ends)s
        ORDER BY steps.id DESC LIMIT 1
    ), TRUE)
    ORDER BY priorities.id, (served.team_id = plans.team_id) DESC NULLS LAST,
        (served.team_id = panels.lead_team_id) DESC, served.team_id
),
wanted AS (
    SELECT asked.team_id, count(*) AS priorities FROM asked GROUP BY asked.team_id
),
minutes AS (
    SELECT worked.code, worked.month, extract(epoch FROM worked.length) / 60 AS duty,
        coalesce(extract(epoch FROM taken.length), 0) / 60 AS away
    FROM worked LEFT JOIN taken USING (month, code)
)
SELECT team.code, coalesce(manned.establishment, 0) AS establishment, coalesce(strength.strength, 0) AS strength,
    coalesce(manned.vacancies, 0) AS vacancies, manned.oldest_days, overseen.span::float8 AS span,
    overseen.span IS NULL AND coalesce(staff.staff, 0) > 0 AS no_supervisor,
    coalesce(now.duty, 0)::integer AS duty, coalesce(now.away, 0)::integer AS away,
    coalesce(before.duty, 0)::integer AS duty_before, coalesce(before.away, 0)::integer AS away_before,
    coalesce(flagged.flags, 0) AS flags, coalesce(wanted.priorities, 0) AS priorities
FROM team
LEFT JOIN manned ON manned.team_id = team.id
LEFT JOIN strength ON strength.team_id = team.id
LEFT JOIN staff ON staff.team_id = team.id
LEFT JOIN overseen ON overseen.team_id = team.id
LEFT JOIN flagged ON flagged.team_id = team.id
LEFT JOIN wanted ON wanted.team_id = team.id
LEFT JOIN minutes now ON now.code = team.code AND now.month = 'month'
LEFT JOIN minutes before ON before.code = team.code AND before.month = 'before'
ORDER BY team.code
