// The user's mistakes outside scenario files.
namespace AgentArena.Actors;

/// <summary>A mistake of the user, worded for them: place, fault, remedy. Exit code 2.</summary>
public sealed class UserException(string message, Exception? inner = null) : Exception(message, inner);
