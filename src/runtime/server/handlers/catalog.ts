import type { Catalog } from "../../catalog/catalog.js";
import type { Handlers } from "./handler.js";

export interface CatalogParts {
  catalog: Catalog;
}

export const catalogHandlers = ({
  catalog,
}: CatalogParts): Handlers<
  | "catalog.search"
  | "catalog.list"
  | "catalog.here"
  | "catalog.pictures"
  | "catalog.info"
  | "catalog.sources"
  | "catalog.addSource"
  | "catalog.removeSource"
  | "catalog.refresh"
> => ({
  "catalog.search": (query) => catalog.search(query),
  "catalog.list": (order) => catalog.list(order),
  "catalog.here": () => catalog.here(),
  "catalog.pictures": ({ ids }) => catalog.pictures(ids),
  "catalog.info": ({ id }) => catalog.info(id),
  "catalog.sources": () => catalog.sources(),
  "catalog.addSource": ({ address, kind }) => catalog.addSource(address, kind),
  "catalog.removeSource": ({ id }) => {
    catalog.removeSource(id);
    return {};
  },
  "catalog.refresh": ({ id }) => catalog.refresh(id),
});
