// Says before the first paint that scripts run, as govuk-frontend asks; a file, because the page allows no inline script.
document.body.className += ' js-enabled' + ('noModule' in HTMLScriptElement.prototype ? ' govuk-frontend-supported' : '')
