// Package wso2 emulates the classic (Synapse) gateway of WSO2 API Manager, as
// far as browsers see it: its CORS handler, and the errors before and behind it.
// README.md says from which sources.
package wso2
