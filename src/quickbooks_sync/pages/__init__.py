"""What a person sees and presses.

Views translate HTTP and nothing else; beside them stand the lists, panels, reports and lines they show.
Absent on purpose: a page that talks to QuickBooks, save to connect and disconnect.
"""
