package sarif

// The parts of the format that are written here; numbers are the specification's sections.

type result struct { // 3.27
	RuleID       string            `json:"ruleId"`
	Kind         string            `json:"kind,omitempty"`
	Level        string            `json:"level"`
	Message      message           `json:"message"`
	Locations    []location        `json:"locations,omitempty"`
	Fingerprints map[string]string `json:"partialFingerprints"`
	Properties   map[string]any    `json:"properties,omitempty"`
}

type message struct { // 3.11
	Text string `json:"text"`
}

type location struct { // 3.28
	Physical physicalLocation `json:"physicalLocation"`
}

type physicalLocation struct { // 3.29
	Artifact artifactLocation `json:"artifactLocation"`
	Region   *region          `json:"region,omitempty"`
}

type artifactLocation struct { // 3.4
	URI string `json:"uri"`
}

type region struct { // 3.30
	StartLine   int `json:"startLine"`
	StartColumn int `json:"startColumn,omitempty"`
}

type tool struct { // 3.18
	Driver driver `json:"driver"`
}

type driver struct { // 3.19
	Name  string `json:"name"`
	Rules []rule `json:"rules"`
}

type rule struct { // 3.49
	ID    string  `json:"id"`
	Short message `json:"shortDescription"`
}
