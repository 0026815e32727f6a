// What is wrong with the page that is open, as it is drawn: each function returns short texts, or what they are made of.
window.inspect = (() => {
    const MAIN = '[data-testid="stMain"]', SIDE = '[data-testid="stSidebar"]';
    const ICON = '[data-testid="stIconMaterial"], [data-testid="stIconEmoji"], [translate="no"], [role="img"][aria-label$=" icon"]';
    // Words of Streamlit's that stand in no sentence of ours: of icons, and of the drop zone.
    const NOT_OURS = `${ICON}, [data-testid="stFileUploaderDropzoneInstructions"]`;
    const UNITS = '%|MB|GB|kB|KB|TB|B|ms|s|min|h|px|[kMGT]|FLOPs|GFLOPs|MFLOPs';
    // Parts that the browser draws away from the eye: for screen readers, or not now.
    const UNSEEN = 'script, style, title, noscript, template, .katex-mathml, canvas';
    const short = text => text.replace(/\s+/g, ' ').trim().slice(0, 70);

    const seen = element => {
        if (element.closest(UNSEEN)) return false;
        if (!element.checkVisibility({opacityProperty: true, visibilityProperty: true})) return false;
        const box = element.getBoundingClientRect();
        return box.width > 1.5 && box.height > 1.5;
    };

    // The page, and the trees of its own that parts of it have.
    const roots = (root = document) => [root, ...[...root.querySelectorAll('*')]
        .filter(one => one.shadowRoot).flatMap(one => roots(one.shadowRoot))];
    const all = selector => roots().flatMap(root => [...root.querySelectorAll(selector)]);
    const parent = element => element.parentElement ?? element.getRootNode().host;

    function* texts() {
        for (const root of roots()) {
            const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
            while (walker.nextNode()) {
                const node = walker.currentNode;
                if (node.nodeValue.trim() && node.parentElement && seen(node.parentElement)) yield node;
            }
        }
    }

    // Colours as [red, green, blue, opacity], the first three from 0 to 255.
    const colour = text => {
        const [kind, inside] = /^([a-z]+)\(([^)]*)\)/.exec(text)?.slice(1) ?? [];
        if (!inside) return [0, 0, 0, 0];
        const numbers = inside.match(/-?[\d.]+(e-?\d+)?%?/g).map(one => one.endsWith('%') ? parseFloat(one) / 100 : +one);
        const scale = kind === 'color' ? 255 : 1;
        return [...numbers.slice(0, 3).map(one => one * scale), numbers[3] ?? 1];
    };
    const over = (upper, lower) => [0, 1, 2].map(at => upper[at] * upper[3] + lower[at] * (1 - upper[3])).concat(1);
    const luminance = of => of.slice(0, 3).map(one => one / 255)
        .map(one => one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4)
        .reduce((sum, one, at) => sum + one * [0.2126, 0.7152, 0.0722][at], 0);
    const contrast = (one, other) => {
        const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
        return (high + 0.05) / (low + 0.05);
    };
    const hex = of => '#' + of.slice(0, 3).map(one => Math.round(one).toString(16).padStart(2, '0')).join('');
    const opacity = element => {
        let whole = 1;
        for (let at = element; at; at = parent(at)) whole *= +getComputedStyle(at).opacity;
        return whole;
    };

    const holds = (outer, inner) => outer.left <= inner.left + 1 && outer.right >= inner.right - 1
        && outer.top <= inner.top + 1 && outer.bottom >= inner.bottom - 1;
    // What lies under an element: the grounds of what it stands in, blended.
    const ground = element => {
        const layers = [], box = element.getBoundingClientRect();
        for (let at = element; at; at = parent(at)) {
            const layer = colour(getComputedStyle(at).backgroundColor);
            // What is smaller than that which stands in it does not lie under it: the thumb of a slider, under its number.
            const {width, height} = at.getBoundingClientRect();
            if (layer[3] === 0 || width < box.width - 1 || height < box.height - 1) continue;
            layers.push(layer);
            if (layer[3] >= 1) break;
        }
        // What is taller than the screen scrolls within the app, whose ground lies under it all the same.
        const app = document.querySelector('[data-testid="stApp"]') ?? document.body;
        const last = over(colour(getComputedStyle(app).backgroundColor), [255, 255, 255, 1]);
        return layers.reverse().reduce((lower, upper) => over(upper, lower), last);
    };

    const faint = (found, said, element, paint, under, least) => {
        if (!paint[3]) return;
        const ratio = contrast(over([...paint.slice(0, 3), paint[3] * opacity(element)], under), under);
        if (ratio >= least) return;
        const key = `${hex(paint)} on ${hex(under)}`;
        if (!found.has(key)) found.set(key, `${ratio.toFixed(1)}:1 ${key}: ${short(said)}`);
    };

    const disabled = element => element.closest(':disabled, [disabled], [aria-disabled="true"], [data-disabled="true"]');

    // Words of the page, of its controls and its icons.
    const faintWords = found => {
        for (const node of texts()) {
            const element = node.parentElement;
            if (element.closest('svg') || disabled(element)) continue;
            const icon = element.matches(ICON), control = element.closest('button, [role="radio"], [role="tab"]');
            const paint = colour(getComputedStyle(element).color);
            // An icon, or a mark beside words that say the same, is no text.
            const mark = icon || !/[\p{L}\p{N}]/u.test(node.nodeValue);
            faint(found, node.nodeValue, element, paint, ground(element), mark && !control ? 3 : 4.5);
        }
        for (const field of all('input:not([type="range"]), textarea')) {
            if (!seen(field) || disabled(field) || !(field.value || field.placeholder)) continue;
            const style = getComputedStyle(field, field.value ? null : '::placeholder');
            faint(found, field.value || field.placeholder, field, colour(style.color), ground(field), 4.5);
        }
    };

    const drawn = async href => {
        const image = new Image();
        image.src = href;
        await image.decode();
        const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight);
        const context = canvas.getContext('2d');
        context.drawImage(image, 0, 0);
        return {canvas, context};
    };
    // The middle colour of the part of a picture that lies under a box.
    const beneath = async (image, box, pictures) => {
        const href = image.getAttribute('href') ?? image.getAttribute('xlink:href');
        if (!href?.startsWith('data:')) return null;
        if (!pictures.has(href)) pictures.set(href, await drawn(href));
        const {canvas, context} = pictures.get(href), frame = image.getBoundingClientRect();
        // Fitted into its frame, unless it is stretched.
        const fit = image.getAttribute('preserveAspectRatio') ?? 'xMidYMid';
        let [across, down] = [canvas.width / frame.width, canvas.height / frame.height];
        if (!fit.startsWith('none')) across = down = Math.max(across, down);
        const place = (letter, free) => fit.startsWith('none') || fit.includes(`${letter}Min`) ? 0
            : fit.includes(`${letter}Max`) ? free : free / 2;
        const [left, top] = [frame.x + place('x', frame.width - canvas.width / across),
            frame.y + place('Y', frame.height - canvas.height / down)];
        const [x, y] = [Math.floor((box.x - left) * across), Math.floor((box.y - top) * down)];
        const [width, height] = [Math.ceil(box.width * across), Math.ceil(box.height * down)].map(one => Math.max(one, 1));
        const {data} = context.getImageData(x, y, width, height);
        return [0, 1, 2, 3].map(channel => {
            const values = data.filter((_, at) => at % 4 === channel).sort();
            return values[values.length >> 1] / (channel === 3 ? 255 : 1);
        });
    };

    // Words of charts: on the page, or on what the chart has drawn under them.
    const faintInCharts = async found => {
        const pictures = new Map();
        for (const chart of document.querySelectorAll('.js-plotly-plot')) {
            if (!seen(chart)) continue;
            const under = ground(chart);
            const parts = [...chart.querySelectorAll('svg path, svg rect, svg circle, svg image, svg text')];
            const shapes = [];
            for (const one of parts) {
                if (one.tagName !== 'text') {
                    const style = getComputedStyle(one), paint = colour(style.fill);
                    paint[3] *= +style.fillOpacity;
                    // Nothing of a plot is drawn beyond its axes.
                    const plot = one.closest('.cartesianlayer .subplot')?.classList[1];
                    const area = plot && chart.querySelector(`.draglayer .${plot} .nsewdrag`)?.getBoundingClientRect();
                    if (one.tagName === 'image' || paint[3] > 0.02) {
                        shapes.push({one, paint, area, box: one.getBoundingClientRect()});
                    }
                    continue;
                }
                if (!one.textContent.trim() || !seen(one) || one.closest('.hoverlayer')) continue;
                const box = one.getBoundingClientRect(), centre = new DOMPoint(box.x + box.width / 2, box.y + box.height / 2);
                let lower = under;
                for (const shape of shapes) {
                    if (!holds(shape.box, box) || (shape.area && !holds(shape.area, box))) continue;
                    if (shape.one.tagName === 'image') {
                        const pixel = await beneath(shape.one, box, pictures);
                        if (pixel) lower = over(pixel, lower);
                    } else if (shape.one.isPointInFill(centre.matrixTransform(shape.one.getScreenCTM().inverse()))) {
                        lower = over([...shape.paint.slice(0, 3), shape.paint[3] * opacity(shape.one)], lower);
                    }
                }
                const style = getComputedStyle(one), paint = colour(style.fill);
                paint[3] *= +style.fillOpacity;
                faint(found, `chart: ${one.textContent}`, one, paint, lower, 4.5);
            }
        }
    };

    const spans = (node, from, to) => {
        const range = document.createRange();
        range.setStart(node, from);
        range.setEnd(node, to);
        return [...range.getClientRects()].filter(box => box.width > 0);
    };

    return {
        // Sentences, labels and values, one a line.
        words() {
            const words = [document.title];
            for (const root of document.querySelectorAll(`${MAIN}, ${SIDE}`)) {
                const others = [...root.querySelectorAll(`code, pre, svg, .katex, ${NOT_OURS}`)].map(one => [one, one.style.cssText]);
                for (const [one] of others) one.style.setProperty('display', 'none', 'important');
                words.push(...root.innerText.split('\n'));
                for (const [one, before] of others) one.style.cssText = before;
                for (const one of root.querySelectorAll('[aria-label], [alt]')) {
                    if (seen(one) && !one.matches(NOT_OURS)) words.push(one.getAttribute('aria-label') ?? one.getAttribute('alt'));
                }
                for (const one of root.querySelectorAll('svg text')) {
                    const lines = [...one.querySelectorAll('tspan')];
                    words.push(...(lines.length ? lines : [one]).map(line => line.textContent));
                }
                // Cells as they are; a number is shown in a format of its column, and nothing where there is none.
                for (const one of root.querySelectorAll('canvas table :is(th, td)')) {
                    if (!/^(-?[\d.]+(e-?\d+)?|data:.*|None)$/.test(one.textContent)) words.push(one.textContent);
                }
                for (const one of root.querySelectorAll('input:not([type="checkbox"], [type="radio"], [type="file"])')) {
                    words.push(one.value);
                }
            }
            words.push(...roots().slice(1).flatMap(root => [...root.children]).flatMap(one => (one.innerText ?? '').split('\n')));
            return [...new Set(words.map(one => one.replace(/\s+/g, ' ').trim()))].filter(one => one);
        },
        headline: () => document.querySelector(`${MAIN} h2`)?.innerText.replace(/\s+/g, ' ').trim() ?? '',
        mainHeadings: () => [...document.querySelectorAll('h1')].filter(seen).map(one => one.innerText),
        // Numbers that stand on another line than their unit.
        broken() {
            const found = [];
            for (const node of texts()) {
                for (const match of node.nodeValue.matchAll(new RegExp(`\\d[ ](?:${UNITS})(?![\\w])`, 'g'))) {
                    const [number] = spans(node, match.index, match.index + 1), unit = spans(node, match.index + 2, match.index + 3)[0];
                    if (number && unit && unit.top > number.bottom - number.height / 2) {
                        found.push(short(node.nodeValue.slice(Math.max(0, match.index - 30), match.index + 20)));
                    }
                }
            }
            return found;
        },
        async faint() {
            const found = new Map();
            faintWords(found);
            await faintInCharts(found);
            return [...found.values()];
        },
        // Words of charts that are too small, in pixels of the screen.
        small(least) {
            const found = new Map();
            for (const text of document.querySelectorAll('.js-plotly-plot svg text')) {
                if (!text.textContent.trim() || !seen(text)) continue;
                const matrix = text.getScreenCTM(), size = parseFloat(getComputedStyle(text).fontSize) * Math.hypot(matrix.a, matrix.b);
                if (size < least - 0.01) found.set(size.toFixed(1), `${size.toFixed(1)} px: ${short(text.textContent)}`);
            }
            return [...found.values()];
        },
        // Pictures and charts of the page: what they are, and whether they are whole on the screen now.
        drawings(least) {
            const found = [];
            const inMain = one => one.closest(MAIN) || (one.getRootNode().host && inMain(one.getRootNode().host));
            const table = '[data-testid="stDataFrame"]', chart = '.js-plotly-plot';
            const kinds = ['img', 'iframe', 'table', chart, table, `canvas:not(${table} *)`, `svg:not(${chart} *)`];
            for (const one of all(kinds.join()).filter(inMain)) {
                const box = one.getBoundingClientRect();
                if (!one.checkVisibility() || Math.min(box.width, box.height) < least) continue;
                const alt = one.getAttribute('alt') ?? '';
                found.push({
                    kind: one.matches('img') ? (/ for .* over /.test(alt) ? 'map' : 'picture') : one.matches(`table, ${table}`) ? 'table' : one.matches(chart) ? 'chart' : 'drawing',
                    said: short(alt || one.closest('[aria-label]')?.getAttribute('aria-label') || ''),
                    top: Math.round(box.top), bottom: Math.round(box.bottom),
                    whole: box.top >= 0 && box.bottom <= innerHeight && box.left >= 0 && box.right <= innerWidth,
                    example: !!one.closest('.st-key-example'),
                });
            }
            return found;
        },
        // Buttons that lead on: neither the frame's, nor a choice among views, nor a file.
        presses: () => [...document.querySelectorAll(`${MAIN} [data-testid="stButton"] button`)]
            .filter(one => seen(one) && !one.closest('.st-key-to-report')).map(one => short(one.innerText)),
        unfold() {
            const folds = [...document.querySelectorAll(`${MAIN} details:not([open])`)];
            for (const one of folds) one.open = true;
            return folds.length;
        },
        // What can be seen to change while the page still comes together.
        shape: () => [document.body.innerText.length, document.querySelector(MAIN)?.scrollHeight, document.querySelector(MAIN)?.scrollWidth,
            ...['img', 'svg', 'canvas', 'text', 'button'].map(one => document.querySelectorAll(one).length),
            [...document.querySelectorAll('[data-testid="stPlotlyChart"]')].every(one => one.querySelector('.main-svg'))].join(),
        async unnamed(rules) {
            const {violations} = await axe.run(document, {runOnly: {type: 'rule', values: rules}, resultTypes: ['violations'], elementRef: false});
            return violations.flatMap(({id, nodes}) => nodes.map(({html}) => `${id}: ${html.replace(/\s+/g, ' ').slice(0, 150)}`));
        },
    };
})();
