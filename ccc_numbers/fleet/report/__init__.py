"""The fleet as a folder of static pages.

site = build(project, stacks, options, today)          # reads files and CCC; the content of all pages
publish(pages(site), folder)                           # HTML, CSS, JavaScript, CSV
"""
