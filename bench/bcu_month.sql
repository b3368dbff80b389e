-- The abstraction rate of each team of a BCU, in the month asked for and the one before it (RULES section 4, the
-- force's own definition): one statement, written by hand, which the page of the BCU month is measured against.
-- Parameters: bcu (id), before and month (the first instants of both months), closes (the end of the month asked for,
-- or now when that is earlier).
WITH window_of (month, opens, closes) AS (
    VALUES ('before', %(before)s::timestamptz, %(month)s::timestamptz), ('month', %(month)s, %(closes)s)
),
team AS (
    SELECT teams.id, teams.code FROM teams JOIN sectors ON sectors.id = teams.sector_id WHERE sectors.bcu_id = %(bcu)s
),
-- Everybody who ever held a post of these teams, with every posting of theirs, also elsewhere.
who AS MATERIALIZED (
    SELECT DISTINCT postings.person_id
    FROM postings JOIN posts ON posts.id = postings.post_id JOIN team ON team.id = posts.team_id
),
held AS MATERIALIZED (
    SELECT f.person_id, f.kind, f.first_day, f.last_day, posts.team_id, posts.grade,
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
)
SELECT worked.month, worked.code, (extract(epoch FROM worked.length) / 60)::integer AS duty_minutes,
    (coalesce(extract(epoch FROM taken.length), 0) / 60)::integer AS abstracted_minutes,
    coalesce(extract(epoch FROM taken.length), 0) / extract(epoch FROM worked.length) AS rate
FROM worked LEFT JOIN taken USING (month, code)
ORDER BY worked.month, worked.code
