import {
  Button,
  Checkboxes,
  ErrorSummary,
  NotificationBanner,
  PasswordInput,
  Radios,
  ServiceNavigation,
  SkipLink,
  Tabs,
  createAll
} from './govuk-frontend.js'

for (const component of [
  Button, Checkboxes, ErrorSummary, NotificationBanner, PasswordInput, Radios, ServiceNavigation, SkipLink, Tabs
]) {
  createAll(component)
}

// A form marked data-npt-check="ADDRESS" shows in #data-npt-check-into what the server says about it, as one types.
// Without JavaScript the form's own "Check" button gives the same answer on a page of its own.
for (const form of document.querySelectorAll('form[data-npt-check]')) {
  const place = document.getElementById(form.dataset.nptCheckInto)
  let waiting
  let asked = 0
  const check = async () => {
    const mine = ++asked
    const answer = await fetch(form.dataset.nptCheck, { method: 'POST', body: new FormData(form), redirect: 'error' })
    if (answer.ok && mine === asked) place.innerHTML = await answer.text()
  }
  form.addEventListener('input', () => {
    clearTimeout(waiting)
    waiting = setTimeout(() => check().catch(() => {}), 400)
  })
}

// A table marked data-npt-grid: the arrow keys move between its cells, and one cell at a time is in the order of Tab.
// Within the cell, Tab goes on to its other links. Every link stays a link: a click and a screen reader find them all.
for (const table of document.querySelectorAll('table[data-npt-grid]')) {
  const linksOf = (cell) => [...cell.querySelectorAll('a, button')]
  const inOrder = (cell, yes) => linksOf(cell).forEach((link) => (link.tabIndex = yes ? 0 : -1))
  const cells = [...table.querySelectorAll('tbody td, tfoot td')].filter((cell) => linksOf(cell).length)
  let current = cells.find((cell) => cell.classList.contains('npt-today')) ?? cells[0]
  cells.forEach((cell) => inOrder(cell, cell === current))
  table.addEventListener('focusin', (event) => {
    const cell = event.target.closest('td')
    if (!cell || cell === current) return
    inOrder(current, false)
    current = cell
    inOrder(current, true)
  })
  const onward = (cell, [down, right]) => {
    let row = cell.parentElement.rowIndex
    let column = cell.cellIndex
    do {
      row += down
      column += right
      const next = table.rows[row]?.cells[column]
      if (!next) return undefined
      if (cells.includes(next)) return next
    } while (true)
  }
  const along = (cell, last) => {
    const row = cells.filter((other) => other.parentElement === cell.parentElement)
    return last ? row.at(-1) : row[0]
  }
  table.addEventListener('keydown', (event) => {
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key]
    const cell = event.target.closest('td')
    if (!cell || event.altKey || event.ctrlKey || event.metaKey) return
    if (!step && event.key !== 'Home' && event.key !== 'End') return
    event.preventDefault()
    const target = step ? onward(cell, step) : along(cell, event.key === 'End')
    if (target) linksOf(target)[0].focus()
  })
}

// A part marked data-npt-refresh="SECONDS" is asked for again that often while the page is in sight, and the focus stays
// where it was. It stops when nobody has touched the page for an hour, or the sign-in would never time out.
for (const part of document.querySelectorAll('[data-npt-refresh]')) {
  const QUIET = 60 * 60 * 1000
  let touched = Date.now()
  for (const touch of ['keydown', 'pointerdown', 'pointermove']) {
    document.addEventListener(touch, () => (touched = Date.now()), { passive: true })
  }
  const refresh = async () => {
    if (document.hidden || Date.now() - touched > QUIET) return
    const answer = await fetch(location.href, { redirect: 'error' })
    if (!answer.ok) return
    const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById(part.id)
    if (!fresh) return
    const focused = part.contains(document.activeElement) ? document.activeElement.id : undefined
    part.replaceChildren(...fresh.childNodes)
    if (focused !== undefined) (document.getElementById(focused) ?? part).focus({ preventScroll: true })
  }
  setInterval(() => refresh().catch(() => {}), part.dataset.nptRefresh * 1000)
}

for (const button of document.querySelectorAll('button[data-npt-print]')) {
  button.hidden = false
  button.addEventListener('click', () => window.print())
}
