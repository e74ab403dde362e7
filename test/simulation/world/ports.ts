/** Host ports; few, so that they are reused all the time. */
export const PORT_POOL = [32_768, 32_769, 32_770, 32_771] as const;
