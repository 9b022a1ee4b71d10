global using Playground = AgentArena.Core.BoundScenario;
