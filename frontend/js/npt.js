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

// A table marked data-npt-grid: the arrow keys move between the cells' links.
for (const table of document.querySelectorAll('table[data-npt-grid]')) {
  table.addEventListener('keydown', (event) => {
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key]
    const cell = event.target.closest('td, th')
    if (!step || !cell) return
    const row = table.rows[cell.parentElement.rowIndex + step[0]]
    const target = row?.cells[cell.cellIndex + step[1]]?.querySelector('a, button')
    if (!target) return
    event.preventDefault()
    target.focus()
  })
}

for (const button of document.querySelectorAll('button[data-npt-print]')) {
  button.hidden = false
  button.addEventListener('click', () => window.print())
}
