"""Line drawings on a grid of 24, drawn by us: the inside of an <svg>."""

from collections.abc import Mapping

ICONS: Mapping[str, str] = {
    "sun": '<circle cx="12" cy="12" r="4"/><path d="M12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2'
    'M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M18.7 5.3l-1.4 1.4M6.7 17.3l-1.4 1.4"/>',
    "moon": '<path d="M20 14.2A8.2 8.2 0 0 1 9.8 4a8.2 8.2 0 1 0 10.2 10.2z"/>',
    "half": '<circle cx="12" cy="12" r="8.5"/><path d="M12 3.5v17A8.5 8.5 0 0 0 12 3.5z" '
    'fill="currentColor"/>',
    "book": '<path d="M12 6.5C10 5 7 4.5 3.5 5v13.5c3.5-.5 6.5 0 8.5 1.5 2-1.5 5-2 8.5-1.5V5'
    'C17 4.5 14 5 12 6.5zM12 6.5V20"/>',
    "contrast": '<rect x="3.5" y="3.5" width="17" height="17" rx="3.5"/><path d="M12 7l-4.5 10'
    'M12 7l4.5 10M9.3 14h5.4" stroke-width="2.4"/>',
    "sliders": '<path d="M4 7.5h9M17 7.5h3M4 16.5h3M11 16.5h9"/><circle cx="15" cy="7.5" r="2"/>'
    '<circle cx="9" cy="16.5" r="2"/>',
    "down": '<path d="M6 9.5l6 6 6-6"/>',
    "next": '<path d="M9.5 6l6 6-6 6"/>',
    "previous": '<path d="M14.5 6l-6 6 6 6"/>',
    "arrow": '<path d="M4 12h15M13 6l6 6-6 6"/>',
    "plus": '<path d="M12 5v14M5 12h14"/>',
    "flag": '<path d="M6 21V4M6 5h11l-2.5 3.5L17 12H6"/>',
    "pencil": '<path d="M4 20l1-4L16 5l3 3L8 19zM13.5 7.5l3 3"/>',
    "back": '<path d="M9 7L4 12l5 5M4 12h10a6 6 0 0 1 6 6"/>',
    "close": '<path d="M6 6l12 12M18 6L6 18"/>',
    "check": '<path d="M5 12.5l4.5 4.5L19 7.5"/>',
    "warning": '<path d="M12 4L2.8 19.5h18.4z"/><path d="M12 10v4.5M12 17.3v.01"/>',
    "information": '<circle cx="12" cy="12" r="9"/><path d="M12 11v5.5M12 7.5v.01"/>',
    "copy": '<rect x="8.5" y="8.5" width="11.5" height="11.5" rx="2.5"/>'
    '<path d="M15.5 5.5V5A1.5 1.5 0 0 0 14 3.5H5A1.5 1.5 0 0 0 3.5 5v9A1.5 1.5 0 0 0 5 15.5h.5"/>',
    "key": '<circle cx="8" cy="15.5" r="4.5"/><path d="M11.2 12.3L20 3.5M16 7.5l3 3"/>',
    "leave": '<path d="M14 4h4a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2h-4M4 12h11M11 7.5l4.5 4.5L11 16.5"/>',
    "person": '<circle cx="12" cy="8" r="4"/><path d="M4.5 20.5c.8-4 3.7-6 7.5-6s6.7 2 7.5 6"/>',
    "people": '<circle cx="9" cy="8.5" r="3.5"/><path d="M2.5 19.5c.7-3.4 3.2-5 6.5-5'
    "s5.8 1.6 6.5 5M16 5.3a3.5 3.5 0 0 1 0 6.4M18.2 14.9c1.8.7 2.9 2.2"
    ' 3.3 4.6"/>',
    "corpus": '<path d="M5 4.5h4v15H5zM9 4.5h4v15H9zM13.6 5.3l3.8-1 3.9 14.5-3.8 1z"/>',
    "article": '<path d="M6 3.5h8.5L19 8v12.5H6zM14 3.5V8.5h5M9 12.5h7M9 16h5"/>',
    "campaign": '<rect x="4.5" y="4" width="15" height="16.5" rx="2"/>'
    '<path d="M8.5 10l1.6 1.6 2.8-3M8.5 15.5h7M15 10h.5"/>',
    "quote": '<path d="M10 7c-3 .6-4.5 2.7-4.5 6.2V17H11v-5H8.3c0-2 .7-3 2.2-3.5z'
    'M18.5 7c-3 .6-4.5 2.7-4.5 6.2V17h5.5v-5h-2.7c0-2 .7-3 2.2-3.5z"/>',
    "download": '<path d="M12 4v11M7 10.5l5 5 5-5M4.5 20h15"/>',
    "upload": '<path d="M12 15.5V4.5M7 9l5-5 5 5M4.5 20h15"/>',
    "chart": '<path d="M4 20h16M7 16.5V11M12 16.5V5M17 16.5v-8"/>',
    "search": '<circle cx="10.5" cy="10.5" r="6.5"/><path d="M15.5 15.5L20.5 20.5"/>',
    "clock": '<circle cx="12" cy="12" r="8.5"/><path d="M12 7v5.2l3.5 2"/>',
    "language": '<circle cx="12" cy="12" r="8.5"/><path d="M3.5 12h17M12 3.5c5 5.5 5 11.5 0 17'
    'c-5-5.5-5-11.5 0-17z"/>',
    "registry": '<rect x="4" y="4" width="16" height="16" rx="2.5"/><circle cx="9.5" cy="10" '
    'r="2"/><path d="M6.5 16c.4-1.7 1.5-2.5 3-2.5s2.6.8 3 2.5M15 9h2.5M15 13h2.5"/>',
}
