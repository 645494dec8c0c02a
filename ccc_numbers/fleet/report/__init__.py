"""The fleet as a folder of static pages: `gather` reads, `build` decides, `render` writes.

material = gather(project, stacks, options, today)     # files and CCC
site = build(material)                                 # pure: everything the pages say
publish(pages(site), folder)                           # HTML, CSS, JavaScript, CSV
"""
