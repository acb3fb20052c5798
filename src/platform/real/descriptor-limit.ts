/** Of `process.report` what is missing in the types, or in old versions. */
interface Reporter {
  excludeNetwork?: boolean;
  getReport(): { readonly userLimits?: { readonly open_files?: { readonly soft?: unknown } } };
}

/** How many descriptors this process may have open; undefined where the system knows no such limit (Windows). */
export function descriptorLimit(): number | undefined {
  const report = process.report as unknown as Reporter;
  const before = report.excludeNetwork ?? false;
  // Otherwise the names of all hosts that we are connected with are looked up.
  report.excludeNetwork = true;
  try {
    const soft = Number(report.getReport().userLimits?.open_files?.soft);
    return Number.isSafeInteger(soft) && soft > 0 ? soft : undefined;
  } finally {
    report.excludeNetwork = before;
  }
}
