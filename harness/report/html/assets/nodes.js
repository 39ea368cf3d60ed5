// unpack restores a value from its nodes (nodes.go says how they are written).
function unpack(element) {
  const nodes = JSON.parse(element.textContent), values = new Array(nodes.length);
  nodes.forEach((node, i) => {
    if (!Array.isArray(node)) values[i] = node;
    else if (node[0] === 0) values[i] = node.slice(1).map(n => values[n]);
    else {
      const object = Object.create(null); // no name from outside means anything
      values[node[1]].forEach((key, k) => { object[key] = values[node[k + 2]]; });
      values[i] = object;
    }
  });
  return values[values.length - 1];
}
