// Holds manifests against the published schemas of Kubernetes and KEDA: reads an array of them from standard input, and writes an array of what is
// wrong. The argument is the folder with node_modules.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { argv, stdin, stdout } from "node:process";
import { pathToFileURL } from "node:url";

const packages = ["kubernetes-models", join("@kubernetes-models", "keda")].map((name) => join(argv[2], "node_modules", name));

async function faultsOf(manifest) {
  const { apiVersion, kind, metadata } = manifest;
  const file = packages.map((folder) => join(folder, apiVersion, `${kind}.js`)).find(existsSync);
  const name = `${kind} ${metadata?.name}`;
  if (!file) return [`${name}: there is no kind ${kind} in ${apiVersion}`];
  const Model = (await import(pathToFileURL(file)))[kind];
  try {
    new Model(manifest).validate();
    return [];
  } catch (failure) {
    if (!failure.errors) throw failure;
    return failure.errors.map((error) => `${name}: ${error.instancePath} ${error.message ?? error.keyword} ${JSON.stringify(error.params)}`);
  }
}

let text = "";
for await (const part of stdin.setEncoding("utf8")) text += part;
const faults = await Promise.all(JSON.parse(text).map(faultsOf));
stdout.write(JSON.stringify(faults.flat()));
